//! Who decides (S3), with discovery and ownership of directories taken into account.

use crate::base::DomainName;
use crate::model::{Authority, Field, Kind, Origin, Support, Value};
use crate::plan::LeftAlone;
use crate::plan::build::ground::Ground;

impl Ground<'_> {
    /// Authority over the users of a domain; while discovery is on, `add-delete-old` acts as `add` (S16.2).
    pub(super) fn users_authority(&self, domain: &DomainName) -> Authority {
        self.soften(domain, self.heads().users_authority(domain))
    }
    /// Authority over the aliases of declared users of a domain.
    pub(super) fn aliases_authority(&self, domain: &DomainName) -> Authority {
        self.soften(domain, self.heads().aliases_authority(domain))
    }
    /// Authority over everything else.
    pub(super) fn heads_authority(&self, domain: Option<&DomainName>) -> Authority {
        self.heads().heads_authority(domain)
    }
    fn soften(&self, domain: &DomainName, said: Authority) -> Authority {
        if said == Authority::AddDeleteOld && self.discovers(domain) { Authority::Add } else { said }
    }
    fn discovers(&self, domain: &DomainName) -> bool {
        let live = self.live(Kind::Discovery, domain.as_str()).and_then(|h| h.attrs.get(&Field::DiscoveryEnabled));
        // a discovery that was not read may be on
        let kept = matches!(self.kind(Kind::Discovery).support, Support::Managed | Support::Readable);
        let unread = kept && live.is_none() && self.live_domain(domain).is_some() && !self.is_whole(Kind::Discovery, Some(domain));
        unread || self.wants_discovery(domain) || live == Some(&Value::Switch(true))
    }
    /// Why a live user is not ours to change or delete (S3.3); `None`: it is ours.
    pub(super) fn foreign(&self, origin: Origin, domain: &DomainName) -> Option<LeftAlone> {
        match origin {
            Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery => None,
            Origin::Directory | Origin::Office365 => Some(LeftAlone::Directory),
            Origin::Unknown => (!self.no_directory(domain)).then_some(LeftAlone::UnknownOrigin),
        }
    }
}
