//! What is done before anything else in the process.

/// Lets the console understand colours. Where it cannot, `--color never` or `NO_COLOR` turns them off.
pub fn prepare_process() {
    let _ = anstyle_query::windows::enable_ansi_colors();
}
