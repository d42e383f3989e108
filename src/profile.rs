//! Profiles: flags that a user has written down under a name, in the configuration file. Nothing here knows what the flags
//! mean.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::sys::{HOME, read_settings, reason, user_folder};

/// The largest configuration file that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// A profile, and the file that it is in.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) path: PathBuf,
    /// In the order of the file.
    pub(crate) entries: Vec<Entry>,
}

/// A flag and its values.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The long name, without dashes.
    pub(crate) flag: String,
    pub(crate) values: Vec<EntryValue>,
    /// The line in the file, counted from 1.
    pub(crate) line: usize,
}

#[derive(Debug)]
pub(crate) enum EntryValue {
    /// A text, or a number or time as it is written.
    Text(String),
    /// Whether a flag without a value is given.
    Switch(bool),
}

/// Why a profile cannot be used.
#[derive(Debug, Error)]
pub(crate) enum ProfileFault {
    #[error("cannot be read: {}", reason(.0))]
    Unreadable(io::Error),
    #[error("is larger than 1 MiB")]
    TooLarge,
    #[error("is not UTF-8 text")]
    NotText,
    /// Whoever writes it could choose the keys.
    #[error("can be written by others, who could choose the keys")]
    Writable,
    /// What is wrong at this line.
    #[error("{1}")]
    Line(usize, String),
    /// There is no such profile, but there are these.
    #[error("has no such profile")]
    Missing(Vec<String>),
}

/// The configuration file: the one that is named, else the user's own. `None` if the user has no folder.
pub(crate) fn settings_path(
    named: Option<PathBuf>,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Option<PathBuf> {
    let [.., config] = HOME.1;
    named.or_else(|| Some(user_folder(variable, "XDG_CONFIG_HOME", config)?.join("config.toml")))
}

/// Reads a profile.
pub(crate) fn load(path: &Path, name: &str) -> Result<Profile, ProfileFault> {
    let text = read(path)?;
    let settings = parse(&text)?;
    let Some(profiles) = profiles(&text, &settings)? else {
        return Err(ProfileFault::Missing(Vec::new()));
    };
    let Some((_, profile)) = profiles.iter().find(|(key, _)| key.get_ref() == name) else {
        return Err(ProfileFault::Missing(names(profiles)));
    };
    let table = table(&text, profile, &format!("profile.{name}"))?;
    let mut table: Vec<_> = table.iter().collect();
    table.sort_by_key(|(key, _)| key.span().start);
    let entries = table.into_iter().map(|(key, value)| {
        let (flag, line) = (key.get_ref().to_string(), line(&text, key.span().start));
        let values = values(value.get_ref());
        let values = values.ok_or_else(|| {
            let fault = "a flag's value is a string, a number, true, false, or an array of strings";
            ProfileFault::Line(line, fault.to_owned())
        })?;
        Ok(Entry { flag, values, line })
    });
    Ok(Profile { path: path.to_owned(), entries: entries.collect::<Result<_, _>>()? })
}

/// The names of the profiles in a file.
pub(crate) fn profile_names(path: &Path) -> Result<Vec<String>, ProfileFault> {
    let text = read(path)?;
    let settings = parse(&text)?;
    Ok(profiles(&text, &settings)?.map(names).unwrap_or_default())
}

fn names(profiles: &DeTable<'_>) -> Vec<String> {
    profiles.keys().map(|name| name.get_ref().to_string()).collect()
}

fn read(path: &Path) -> Result<String, ProfileFault> {
    let (read, is_open_to_others) =
        read_settings(path, LARGEST).map_err(ProfileFault::Unreadable)?;
    if is_open_to_others {
        return Err(ProfileFault::Writable);
    }
    if read.cut {
        return Err(ProfileFault::TooLarge);
    }
    String::from_utf8(read.bytes).map_err(|_| ProfileFault::NotText)
}

fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, ProfileFault> {
    DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        // It may quote the text, which may be a secret.
        ProfileFault::Line(line(text, at), "it is not TOML".to_owned())
    })
}

fn profiles<'t, 'i>(
    text: &str,
    settings: &'t Spanned<DeTable<'i>>,
) -> Result<Option<&'t DeTable<'i>>, ProfileFault> {
    let found = settings.get_ref().iter().find(|(key, _)| key.get_ref() == "profile");
    found.map(|(_, profiles)| table(text, profiles, "profile")).transpose()
}

fn table<'t, 'i>(
    text: &str,
    value: &'t Spanned<DeValue<'i>>,
    name: &str,
) -> Result<&'t DeTable<'i>, ProfileFault> {
    value.get_ref().as_table().ok_or_else(|| {
        let at = line(text, value.span().start);
        ProfileFault::Line(at, format!("{name} must be a table, as in [profile.NAME]"))
    })
}

fn values(value: &DeValue<'_>) -> Option<Vec<EntryValue>> {
    if let Some(items) = value.as_array() {
        return items.iter().map(|item| one_value(item.get_ref())).collect();
    }
    Some(vec![one_value(value)?])
}

fn one_value(value: &DeValue<'_>) -> Option<EntryValue> {
    Some(match value {
        DeValue::String(text) => EntryValue::Text(text.to_string()),
        DeValue::Integer(number) => EntryValue::Text(number.to_string()),
        DeValue::Float(number) => EntryValue::Text(number.to_string()),
        DeValue::Datetime(time) => EntryValue::Text(time.to_string()),
        DeValue::Boolean(is_given) => EntryValue::Switch(*is_given),
        DeValue::Array(_) | DeValue::Table(_) => return None,
    })
}

/// The line of a byte, counted from 1.
fn line(text: &str, at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at.min(text.len())]).count()
}
