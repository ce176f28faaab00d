//! `[[users]]`: the keys of a user. The row decoders read them; this struct gives them to schema and custom resources.

use crate::base::Address;
use crate::config::reading::part::raw_table;
use crate::config::value::{At, List};
use crate::model::user::{UserKind, UserStatus};

raw_table! {
    /// A user. The keys are the columns of the CSV.
    UserTable {
        /// The mail address.
        address: At<Address> = required,
        /// Given name; "" clears it.
        first_name: At<String>,
        /// Family name; "" clears it.
        last_name: At<String>,
        /// Other addresses of the user; [] clears them where authority is add-delete-old.
        aliases: List<Address>,
        /// mailbox (the default), shared, resource, list or forward.
        kind: At<UserKind>,
        /// active (may sign in) or inactive; mail flows anyway.
        status: At<UserStatus>,
        /// The password, by reference.
        password: PasswordTable,
        /// The address before a rename.
        previous_address: At<Address>,
        /// A group of the panel.
        group: At<String>,
    }
}

raw_table! {
    /// A password by reference: an environment variable or a file.
    #[schemars(extend("oneOf" = [{ "required": ["env"] }, { "required": ["file"] }]))]
    PasswordTable {
        /// Name of an environment variable.
        env: At<String>,
        /// A file, relative to this one.
        file: At<String>,
        /// Change this text to set the password again; without it the password is set on creation only.
        rotate: At<String>,
    }
}
