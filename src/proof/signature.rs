//! Detached signatures that other programs check: minisign's, and those of OpenSSH. Keys are the user's; none is made or
//! kept here.

mod minisign_format;
mod ssh_format;

use ed25519_dalek::{Signer, SigningKey};

use minisign_format::MinisignKey;

/// Why a key can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// It is no key of minisign or OpenSSH, or one of another kind than Ed25519.
    Unknown,
    /// A password opens it; none was given, or it can't be used here.
    Encrypted,
    /// Another password opens it.
    WrongPassword,
    /// It is of OpenSSH and has a password, which only OpenSSH's own programs take.
    EncryptedSsh,
}

/// A secret key, ready to sign.
pub struct SecretKey {
    key: SigningKey,
    format: SignatureFormat,
}

/// Whose signature it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignatureFormat {
    /// With minisign's identifier of the key.
    Minisign([u8; 8]),
    Ssh,
}

/// A public key.
pub enum PublicKey {
    /// Of minisign.
    Minisign(MinisignKey),
    /// Of OpenSSH.
    Ssh(ed25519_dalek::VerifyingKey),
}

/// A signature as it is kept beside the file.
pub struct DetachedSignature {
    /// What its file's name ends with, after the name of what is signed.
    pub ending: &'static str,
    /// What it holds.
    pub text: String,
}

/// Endings of signatures' files.
const MINISIGN_ENDING: &str = ".minisig";
const SSH_ENDING: &str = ".sig";

impl SecretKey {
    /// Reads a secret key of minisign, or of OpenSSH without a password. `ask` is asked for the password of minisign's, and
    /// gives `None` where nobody can be asked.
    ///
    /// # Errors
    /// See [`KeyFault`].
    pub fn read(text: &str, ask: &dyn Fn() -> Option<String>) -> Result<SecretKey, KeyFault> {
        if ssh_format::is_secret_key(text) {
            return Ok(SecretKey { key: ssh_format::read_secret_key(text)?, format: SignatureFormat::Ssh });
        }
        let (key, number) = minisign_format::read_secret_key(text, ask)?;
        Ok(SecretKey { key, format: SignatureFormat::Minisign(number) })
    }

    /// Signs a file of this name. The same file, name and key give the same signature.
    pub fn sign(&self, name: &str, content: &[u8]) -> DetachedSignature {
        match self.format {
            SignatureFormat::Minisign(number) => DetachedSignature {
                ending: MINISIGN_ENDING,
                text: minisign_format::sign(&self.key, number, name, content),
            },
            SignatureFormat::Ssh => {
                let text = ssh_format::sign(&self.key.verifying_key(), content, |message| self.key.sign(message));
                DetachedSignature { ending: SSH_ENDING, text }
            }
        }
    }
}

impl PublicKey {
    /// Reads a public key: the text of a file, or the key itself.
    ///
    /// # Errors
    /// It is no public key of minisign or OpenSSH with Ed25519.
    pub fn read(text: &str) -> Result<PublicKey, KeyFault> {
        match ssh_format::read_public_key(text) {
            Some(key) => Ok(PublicKey::Ssh(key)),
            None => minisign_format::read_public_key(text).map(PublicKey::Minisign).ok_or(KeyFault::Unknown),
        }
    }

    /// What the file of a signature by this key ends with.
    pub fn ending(&self) -> &'static str {
        match self {
            PublicKey::Minisign(_) => MINISIGN_ENDING,
            PublicKey::Ssh(_) => SSH_ENDING,
        }
    }

    /// Whether a signature is this key's, of this very content.
    pub fn has_signed(&self, signature: &str, content: &[u8]) -> bool {
        match self {
            PublicKey::Minisign(key) => minisign_format::is_signed(key, signature, content),
            PublicKey::Ssh(key) => ssh_format::is_signed(key, signature, content),
        }
    }
}
