//! Names of members with credentials or personal data, and how a name is compared with them.

use crate::json::unquote;

/// Names of members with credentials, in lower case and without separators between words.
const CREDENTIALS: [&str; 30] = [
    "pwd",
    "pass",
    "passphrase",
    "passwordhash",
    "hashedpassword",
    "pwdhash",
    "secretkey",
    "apikey",
    "xapikey",
    "apitoken",
    "authtoken",
    "accesskey",
    "secretaccesskey",
    "awssecretaccesskey",
    "privatekey",
    "refreshtoken",
    "databaseurl",
    "connectionstring",
    "dbpass",
    "userpass",
    "kennwort",
    "contraseña",
    "contrasena",
    "senha",
    "motdepasse",
    "wachtwoord",
    "비밀번호",
    "パスワード",
    "密码",
    "密碼",
];

/// Last words of names of members with credentials.
const LAST_WORDS: [&str; 4] = ["password", "passwd", "passwort", "secret"];

/// Names, in the object of a credential, of the member with the credential itself. Other members describe it.
const OWN_VALUES: [&str; 10] =
    ["value", "val", "v", "hash", "current", "old", "new", "data", "text", "plaintext"];

/// Names of objects with rights and methods, in which the name of a credential is not followed by that credential.
const RIGHTS: [&str; 11] = [
    "permissions",
    "permission",
    "scopes",
    "scope",
    "rights",
    "acr",
    "amr",
    "features",
    "policy",
    "policies",
    "roles",
];

/// Values that are no credential and no personal data, whatever the name of the member.
const STATES: [&str; 29] = [
    "0",
    "1",
    "true",
    "false",
    "yes",
    "no",
    "none",
    "null",
    "set",
    "unset",
    "read",
    "write",
    "readwrite",
    "view",
    "edit",
    "update",
    "delete",
    "manage",
    "allow",
    "deny",
    "change",
    "reset",
    "required",
    "optional",
    "expired",
    "enabled",
    "disabled",
    "never",
    "always",
];

/// Names of members with sensitive personal data.
const SENSITIVE: [&str; 24] = [
    "socialsecurity",
    "socialsecuritynumber",
    "nationalid",
    "nationalidnumber",
    "residentregistrationnumber",
    "rrn",
    "주민등록번호",
    "주민번호",
    "cpf",
    "cpfnumber",
    "passportnumber",
    "driverlicensenumber",
    "taxid",
    "taxidentificationnumber",
    "iban",
    "bankaccount",
    "bankaccountnumber",
    "creditcard",
    "creditcardnumber",
    "cardnumber",
    "cvv",
    "cvc",
    "medicalrecordnumber",
    "ssn",
];

/// Names of members with personal data; most are standard claims of OpenID Connect Core 1.0 section 5.1.
const PERSONAL: [&str; 23] = [
    "email",
    "emailaddress",
    "phone",
    "phonenumber",
    "mobile",
    "mobilenumber",
    "mobilephone",
    "homephone",
    "birthdate",
    "dateofbirth",
    "dob",
    "birthday",
    "gender",
    "givenname",
    "familyname",
    "firstname",
    "lastname",
    "middlename",
    "fullname",
    "streetaddress",
    "postalcode",
    "homeaddress",
    "postaladdress",
];

/// The longest name that is compared, in bytes, without and with its namespace. An array's name is read for each item.
const LONGEST: usize = 64;
const LONGEST_WHOLE: usize = 512;

/// A name in lower case without separators between words. Of a name with a namespace, such as a URL, only the last part
/// is used. It is empty if the name is long.
pub(super) struct Plain(String);

impl Plain {
    /// `spelled` is the JSON string.
    pub(super) fn of(spelled: &str) -> Self {
        if spelled.len() > LONGEST_WHOLE {
            return Self(String::new());
        }
        let name = unquote(spelled);
        let name = name.rsplit(['/', ':']).next().unwrap_or_default();
        if name.len() > LONGEST {
            return Self(String::new());
        }
        let letters = name.chars().filter(|c| !"_-. ".contains(*c));
        Self(letters.flat_map(char::to_lowercase).collect())
    }

    fn is_one_of(&self, names: &[&str]) -> bool {
        names.contains(&&*self.0)
    }

    /// Such as `password`, `user_password` or `password1`.
    pub(super) fn is_credential(&self) -> bool {
        let name = self.0.trim_end_matches(|c: char| c.is_ascii_digit());
        CREDENTIALS.contains(&name) || LAST_WORDS.iter().any(|word| name.ends_with(word))
    }

    pub(super) fn is_own_value(&self) -> bool {
        self.is_one_of(&OWN_VALUES)
    }

    pub(super) fn is_of_rights(&self) -> bool {
        self.is_one_of(&RIGHTS)
    }

    pub(super) fn is_sensitive(&self) -> bool {
        self.is_one_of(&SENSITIVE) || self.0.ends_with("ssn")
    }

    pub(super) fn is_personal(&self) -> bool {
        self.is_one_of(&PERSONAL)
    }

    pub(super) fn is_of_card(&self) -> bool {
        self.0.contains("card") || ["pan", "primaryaccountnumber"].contains(&&*self.0)
    }
}

/// Whether a value is a state or a right, such as that a password is `required`.
pub(super) fn is_state(text: &str) -> bool {
    STATES.contains(&text)
}
