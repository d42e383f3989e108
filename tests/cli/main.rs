//! The program as its users meet it: arguments, variables, files and streams in; both streams and the
//! exit code out, compared to the byte. One topic a module.

mod colour;
mod damaged_keys;
mod damaged_tokens;
mod decode;
mod diagnosed;
mod differences;
mod encode;
mod exit_codes;
mod explained;
mod harness;
mod key_files;
mod key_forms;
mod key_new;
mod key_passwords;
mod key_sets;
mod key_terms;
mod key_verbs;
mod keys;
mod not_secrets;
mod output;
mod peers;
mod presented;
mod refresh;
mod refused;
mod secrecy;
mod secrets;
mod sessions;
mod strangers;
mod times;
mod unusable_keys;
mod usage;
mod verify;
