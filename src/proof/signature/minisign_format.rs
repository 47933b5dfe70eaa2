//! Keys and signatures as minisign writes them. The crate `minisign` opens secret keys that have a password. It signs with
//! random numbers, so that what it gives is never the same twice, and panics at a signature that is cut off: both are done here.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use blake2::{Blake2b512, Digest};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use minisign::SecretKeyBox;

use super::KeyFault;
use crate::output::sha256;

/// Of content that is hashed first.
const ALGORITHM: &[u8] = b"ED";
/// What the bytes of a secret key begin with.
const KEY_TYPE: &[u8] = b"Ed";
/// The prefix of a comment that is signed, too.
const TRUSTED: &str = "trusted comment: ";
/// Bytes of a secret key.
const SECRET_KEY: usize = 158;
/// Where a secret key has its number and its two halves.
const NUMBER: std::ops::Range<usize> = 54..62;
const PAIR: std::ops::Range<usize> = 62..126;

pub(super) fn read_secret_key(text: &str, ask: &dyn Fn() -> Option<String>) -> Result<(SigningKey, [u8; 8]), KeyFault> {
    let encoded = encoded_bytes(text).filter(|key| key.len() == SECRET_KEY).ok_or(KeyFault::Unknown)?;
    let read = minisign::SecretKey::from_bytes(&encoded).map_err(|_| KeyFault::Unknown)?;
    let bytes = if read.is_encrypted() {
        let boxed = SecretKeyBox::from_string(text).map_err(|_| KeyFault::Unknown)?;
        let password = ask().ok_or(KeyFault::Encrypted)?;
        boxed.into_secret_key(Some(password)).map_err(|_| KeyFault::WrongPassword)?.to_bytes()
    } else {
        encoded
    };
    let number = bytes.get(NUMBER).and_then(|number| number.try_into().ok());
    // Both halves, which must go together.
    let pair: Option<[u8; 64]> = bytes.get(PAIR).and_then(|pair| pair.try_into().ok());
    let (number, pair) = number.zip(pair).filter(|_| bytes.starts_with(KEY_TYPE)).ok_or(KeyFault::Unknown)?;
    Ok((SigningKey::from_keypair_bytes(&pair).map_err(|_| KeyFault::Unknown)?, number))
}

/// The line of a key's file that isn't its comment.
fn encoded_bytes(text: &str) -> Option<Vec<u8>> {
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty())?;
    BASE64_STANDARD.decode(line).ok()
}

/// A key with minisign's identifier of it.
#[derive(Clone, Debug)]
pub struct MinisignKey {
    number: [u8; 8],
    key: VerifyingKey,
}

/// Reads the text of a public key's file, or its last line alone.
pub(super) fn read_public_key(text: &str) -> Option<MinisignKey> {
    let bytes: [u8; 42] = encoded_bytes(text)?.try_into().ok()?;
    let rest = bytes.strip_prefix(KEY_TYPE)?;
    let (number, key) = rest.split_at_checked(8)?;
    Some(MinisignKey { number: number.try_into().ok()?, key: VerifyingKey::from_bytes(key.try_into().ok()?).ok()? })
}

pub(super) fn sign(key: &SigningKey, number: [u8; 8], name: &str, content: &[u8]) -> String {
    let signature = key.sign(&Blake2b512::digest(content)).to_bytes();
    let comment = format!("file:{name}\tsha256:{}", sha256(content));
    let global = key.sign(&[&signature, comment.as_bytes()].concat()).to_bytes();
    let first = BASE64_STANDARD.encode([ALGORITHM, &number, &signature].concat());
    let global = BASE64_STANDARD.encode(global);
    format!("untrusted comment: signature of {name}\n{first}\n{TRUSTED}{comment}\n{global}\n")
}

/// Whether a signature and its trusted comment are this key's, of this content. Signatures of content that isn't hashed first
/// are of minisign before 2021.
pub(super) fn is_signed(MinisignKey { number, key }: &MinisignKey, signature: &str, content: &[u8]) -> bool {
    let check = || {
        let mut lines = signature.lines().map(str::trim_end);
        let (_, first, comment, global) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
        let comment = comment.strip_prefix(TRUSTED)?;
        let first = BASE64_STANDARD.decode(first).ok()?;
        let (algorithm, rest) = first.split_at_checked(2)?;
        let (own, bytes) = rest.split_at_checked(8)?;
        let hash = Blake2b512::digest(content);
        let signed: &[u8] = match algorithm {
            ALGORITHM => &hash,
            KEY_TYPE => content,
            _ => return None,
        };
        let global = BASE64_STANDARD.decode(global).ok()?;
        key.verify_strict(signed, &Signature::from_slice(bytes).ok()?).ok()?;
        let with_comment = [bytes, comment.as_bytes()].concat();
        key.verify_strict(&with_comment, &Signature::from_slice(&global).ok()?).ok()?;
        (own == number).then_some(())
    };
    check().is_some()
}
