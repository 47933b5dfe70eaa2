//! What prose may loop over or name, with its fields.

/// Something with fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Activity,
    Result,
    Indicator,
    Partner,
    Municipality,
    Donor,
    Project,
    Period,
    Report,
}

/// What every section may name, inside and outside of blocks.
pub(super) const ROOTS: &[(&str, ItemKind)] =
    &[("project", ItemKind::Project), ("period", ItemKind::Period), ("report", ItemKind::Report)];

/// What a path leads to: a value, several items, or one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathTarget {
    Value,
    Items(ItemKind),
    Item(ItemKind),
}

impl ItemKind {
    pub const ALL: [ItemKind; 9] = [
        ItemKind::Project,
        ItemKind::Period,
        ItemKind::Report,
        ItemKind::Activity,
        ItemKind::Result,
        ItemKind::Indicator,
        ItemKind::Partner,
        ItemKind::Municipality,
        ItemKind::Donor,
    ];

    /// Names of fields with what they hold.
    fn fields(self) -> &'static [(&'static str, PathTarget)] {
        use PathTarget::{Items, Value};
        match self {
            ItemKind::Activity => &[
                ("id", Value),
                ("title", Value),
                ("type", Value),
                ("date", Value),
                ("end_date", Value),
                ("municipality", Value),
                ("partner", Value),
                ("status", Value),
                ("result", Value),
                ("reached", Value),
                ("attendees", Value),
            ],
            ItemKind::Result => &[
                ("code", Value),
                ("title", Value),
                ("level", Value),
                ("assumptions", Value),
                ("indicators", Items(ItemKind::Indicator)),
            ],
            ItemKind::Indicator => &[
                ("code", Value),
                ("title", Value),
                ("unit", Value),
                ("definition", Value),
                ("verification", Value),
                ("comment", Value),
            ],
            ItemKind::Partner => &[("name", Value), ("role", Value)],
            ItemKind::Municipality => &[("name", Value), ("code", Value)],
            ItemKind::Donor => &[("name", Value), ("code", Value), ("grant", Value), ("acknowledgement", Value)],
            ItemKind::Project => &[
                ("title", Value),
                ("code", Value),
                ("start", Value),
                ("end", Value),
                ("data_until", Value),
                ("notice", Value),
                ("implementer", Value),
            ],
            ItemKind::Period => &[("start", Value), ("end", Value), ("code", Value), ("name", Value), ("range", Value)],
            ItemKind::Report => &[("name", Value), ("date", Value)],
        }
    }

    pub fn field_names(self) -> impl Iterator<Item = &'static str> {
        self.fields().iter().map(|(name, _)| *name)
    }

    pub fn field(self, name: &str) -> Option<PathTarget> {
        self.fields().iter().find(|(known, _)| *known == name).map(|(_, target)| *target)
    }

    /// Whether the data may give it further fields (columns kept as attributes).
    pub fn has_attributes(self) -> bool {
        self == ItemKind::Activity
    }
}
