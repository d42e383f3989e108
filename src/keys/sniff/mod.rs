//! What bytes are that may be a key, told by their content.

pub(crate) mod key_material;
mod members;
mod spellings;
