//! Files, atomically; what is out of date; what changed.
