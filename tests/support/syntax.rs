//! Walks over the tokens that a macro or an attribute is given.

use syn::buffer::Cursor;

/// Reads every token, those inside groups too, and the end of each group.
pub fn each_token(mut cursor: Cursor<'_>, read: &mut dyn FnMut(Cursor<'_>)) {
    while !cursor.eof() {
        read(cursor);
        if let Some((inside, _, _, next)) = cursor.any_group() {
            each_token(inside, read);
            cursor = next;
        } else if let Some((_, next)) = cursor.token_tree() {
            cursor = next;
        }
    }
    read(cursor);
}
