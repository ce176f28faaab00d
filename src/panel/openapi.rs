//! The panel's OpenAPI 3.1 document, made from the handlers' own descriptions.
//!
//! What every operation has in common is added here: path parameters, headers, and all refusals as problem+json, so
//! that no status is ever answered that the document does not know. `schemas/panel.openapi.json` is compared with it.

use crate::panel::routes;
use crate::wire::headers::PROBLEM_JSON;
use crate::wire::{Code, Problem};
use std::collections::BTreeMap;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "mailwright control panel",
        version = "1",
        description = "Tenants, password policies, domains and users of a mail filter. Every refusal is problem+json with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    security(("bearer" = [])),
    modifiers(&Common)
)]
struct Frame;

/// What all operations have in common.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        components.responses.extend(responses().into_iter().map(|(status, response)| (response_name(status), RefOr::T(response))));
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The document without paths.
pub(crate) fn frame() -> OpenApi {
    Frame::openapi()
}

/// The whole document as indented JSON with a newline at its end; the same bytes on every call.
#[must_use]
pub fn openapi_json() -> String {
    let (_, mut document) = routes::all().split_for_parts();
    for (path, item) in &mut document.paths.paths {
        let names: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let verbs = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (verb, operation) in verbs {
            if let Some(operation) = operation {
                operation.operation_id =
                    Some(format!("{verb}_{}", path.trim_start_matches("/v1/").replace(['/', '-'], "_").replace(['{', '}'], "")));
                complete(operation, verb, &names);
            }
        }
    }
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

fn parameter(name: &str, place: ParameterIn, description: &str, schema: ObjectBuilder) -> Parameter {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    let schema = RefOr::T(Schema::Object(schema.build()));
    ParameterBuilder::new().name(name).parameter_in(place).required(required).description(Some(description)).schema(Some(schema)).build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

fn complete(operation: &mut Operation, verb: &str, path_names: &[&str]) {
    let reads = verb == "get";
    let conditional = operation.responses.responses.contains_key("304");
    let mut more: Vec<Parameter> = path_names
        .iter()
        .map(|name| parameter(name, ParameterIn::Path, &format!("Id of the {name}."), text().min_length(Some(1))))
        .collect();
    let header = |name: &str, description: &str, schema| parameter(name, ParameterIn::Header, description, schema);
    if conditional {
        more.push(header("If-None-Match", "304 if the object is still at this version.", tag()));
    }
    if !reads {
        let key = text().min_length(Some(1)).max_length(Some(200)).pattern(Some("^[!-~]+$"));
        more.push(header("Idempotency-Key", "A repeat of the same call is answered from what was stored, for 24 hours.", key));
        let number = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).minimum(Some(0.0));
        more.push(header("Fencing-Token", "Token of the tenant's lease; required while one is held.", number));
        more.push(header("If-Match", "412 if the object is not at this version any more.", tag()));
    }
    operation.parameters.get_or_insert_default().extend(more.into_iter().map(RefOr::T));
    let finds = !path_names.is_empty() || operation.responses.responses.contains_key("404");
    for status in refusals(reads, operation.request_body.is_some(), finds) {
        operation.responses.responses.insert(status.to_string(), RefOr::Ref(Ref::from_response_name(response_name(status))));
    }
}

fn tag() -> ObjectBuilder {
    text().pattern(Some(r#"^(\*|"v[0-9]+")$"#))
}

fn response_name(status: u16) -> String {
    format!("Refused{status}")
}

/// One response per status of a refusal, naming the codes that it stands for.
fn responses() -> BTreeMap<u16, Response> {
    let mut codes: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for code in Code::ALL {
        codes.entry(code.status()).or_default().push(format!("`{}`", code.as_str()));
    }
    let content = || Content::new(Some(Ref::from_schema_name("Problem")));
    let build = |codes: Vec<String>| ResponseBuilder::new().description(codes.join(", ")).content(PROBLEM_JSON, content()).build();
    codes.into_iter().map(|(status, codes)| (status, build(codes))).collect()
}

/// The statuses with which an operation may be refused. 405 belongs to methods that a path does not describe.
fn refusals(reads: bool, has_body: bool, finds: bool) -> Vec<u16> {
    let applies = |status: &u16| match status {
        404 => finds || !reads,
        405 => false,
        409 | 412 | 423 => !reads,
        413 | 415 => has_body,
        _ => true,
    };
    responses().into_keys().filter(applies).collect()
}
