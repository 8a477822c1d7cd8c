package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// KeySize is the size of a key in bytes.
const KeySize = 32

const prefix = "s1:" // the first form of sealed text

// Box seals and opens with one key. It is safe for concurrent use.
type Box struct {
	key  []byte
	aead cipher.AEAD
}

// New makes a box from a key of KeySize bytes.
func New(key []byte) (*Box, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("a key has %d bytes, this one %d", KeySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Box{key: append([]byte(nil), key...), aead: aead}, nil
}

// Random makes a box with a key that nobody keeps.
func Random() *Box {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails
	box, _ := New(key)    // the size is right
	return box
}

// Parse reads a key: the base64 of its bytes, with or without padding.
func Parse(text string) (*Box, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	key, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("a key is the base64 of %d bytes", KeySize)
	}
	return New(key)
}

// Open gives the box of a deployment: from text (PARLEY_KEY) when there is
// any, otherwise from the file "key" in dir, which is made, readable by its
// owner only, when it is not there.
func Open(dir, text string) (*Box, error) {
	if text != "" {
		box, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("PARLEY_KEY: %w", err)
		}
		return box, nil
	}
	name := filepath.Join(dir, "key")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return read(name)
	}
	if err != nil {
		return nil, err
	}
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails
	_, err = file.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return nil, errors.Join(err, os.Remove(name))
	}
	return New(key)
}

func read(name string) (*Box, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others; make it private with chmod 600", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	box, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return box, nil
}

// Seal closes plain up. What was sealed for one place ("channel/ID/token")
// does not open at another.
func (b *Box) Seal(place string, plain []byte) string {
	return prefix + base64.RawStdEncoding.EncodeToString(b.aead.Seal(nil, nil, plain, []byte(place)))
}

// Unseal opens what Seal closed for the same place.
func (b *Box) Unseal(place, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, prefix)
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if !ok || err != nil {
		return nil, errors.New("this is not sealed text")
	}
	plain, err := b.aead.Open(nil, nil, raw, []byte(place))
	if err != nil {
		return nil, errors.New("this does not open: it was changed, belongs elsewhere, or was sealed with another key")
	}
	return plain, nil
}

// SealString and UnsealString do the same with secrets.
func (b *Box) SealString(place string, s String) string { return b.Seal(place, []byte(s)) }

// UnsealString opens what SealString closed.
func (b *Box) UnsealString(place, sealed string) (String, error) {
	plain, err := b.Unseal(place, sealed)
	return String(plain), err
}

// Derive gives 32 bytes that only the holder of the key can compute, another
// for each purpose.
func (b *Box) Derive(purpose string) []byte {
	out, err := hkdf.Key(sha256.New, b.key, nil, purpose, 32)
	if err != nil {
		panic(err) // only for sizes that are not 32
	}
	return out
}
