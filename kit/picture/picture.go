// Package picture reads the heads of pictures without decoding them, and takes
// out of them what their makers did not mean to send: where they were taken,
// with what, and by whom.
//
// Nothing here but Shrink decodes pixels, so a picture that would fill the
// memory costs no more than its bytes.
package picture

import (
	"bytes"
	"encoding/binary"
)

// Bare returns a picture without what cameras and programs write into it
// (Exif, XMP, IPTC, comments); only which way up it is stays. What is no JPEG,
// PNG or WebP comes back as it is, and so does whatever follows a place that
// cannot be read.
func Bare(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return bareJPEG(data)
	case bytes.HasPrefix(data, []byte(signPNG)):
		return barePNG(data)
	case isWebP(data):
		return bareWebP(data)
	}
	return data
}

const signPNG = "\x89PNG\r\n\x1a\n"

// bareJPEG leaves out the segments of Exif and XMP (APP1), IPTC (APP13), other
// makers' own (all but APP0, APP2 for colours and APP14) and comments.
func bareJPEG(data []byte) []byte {
	out := make([]byte, 0, len(data))
	out = append(out, data[:2]...)
	turned := 0
	rest := data[2:]
	for len(rest) >= 4 && rest[0] == 0xff {
		kind := rest[1]
		if kind == 0xff { // a fill byte
			rest = rest[1:]
			continue
		}
		if kind == 0xda || kind == 0xd9 || kind >= 0xd0 && kind <= 0xd7 || kind == 0x01 {
			break
		}
		n := int(binary.BigEndian.Uint16(rest[2:])) + 2
		if n < 4 || n > len(rest) {
			break
		}
		segment := rest[:n]
		rest = rest[n:]
		switch {
		case kind == 0xe1 && bytes.HasPrefix(segment[4:], []byte("Exif\x00\x00")):
			if o := orientation(segment[10:]); o > 1 {
				turned = o
			}
		case kind >= 0xe0 && kind <= 0xef && kind != 0xe0 && kind != 0xe2 && kind != 0xee, kind == 0xfe:
		case kind == 0xe2 && !bytes.HasPrefix(segment[4:], []byte("ICC_PROFILE\x00")): // several pictures in one, whose offsets are wrong now
		default:
			out = append(out, segment...)
		}
	}
	if turned > 0 {
		at := 2
		if len(out) >= 6 && out[2] == 0xff && out[3] == 0xe0 { // JFIF stands first
			at = 4 + int(binary.BigEndian.Uint16(out[4:]))
		}
		out = append(out[:at:at], append(upright(turned), out[at:]...)...)
	}
	return append(out, rest...)
}

// orientation is which way up a picture is, as Exif says; 0 where it does not.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := order.Uint32(tiff[4:])
	if int64(at)+2 > int64(len(tiff)) {
		return 0
	}
	n := int(order.Uint16(tiff[at:]))
	for i := range min(n, 200) {
		entry := int64(at) + 2 + int64(i)*12
		if entry+12 > int64(len(tiff)) {
			return 0
		}
		e := tiff[entry : entry+12]
		if order.Uint16(e) == 0x0112 {
			if o := int(order.Uint16(e[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}

// upright is an Exif segment that says which way up, and nothing else.
func upright(o int) []byte {
	return []byte{0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
		0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(o), 0, 0, 0, 0, 0, 0}
}

// barePNG leaves out words, times and Exif.
func barePNG(data []byte) []byte {
	out := append(make([]byte, 0, len(data)), signPNG...)
	rest := data[len(signPNG):]
	for len(rest) >= 12 {
		n := int64(binary.BigEndian.Uint32(rest)) + 12
		if n > int64(len(rest)) {
			break
		}
		switch string(rest[4:8]) {
		case "eXIf", "tEXt", "zTXt", "iTXt", "tIME":
		default:
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
	}
	return append(out, rest...)
}

func isWebP(data []byte) bool {
	return len(data) >= 20 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// bareWebP leaves out Exif and XMP.
func bareWebP(data []byte) []byte {
	out := append(make([]byte, 0, len(data)), data[:12]...)
	rest := data[12:]
	for len(rest) >= 8 {
		n := int64(binary.LittleEndian.Uint32(rest[4:])) + 8
		n += n & 1
		if n > int64(len(rest)) {
			break
		}
		switch string(rest[:4]) {
		case "EXIF", "XMP ":
		default:
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
	}
	out = append(out, rest...)
	if len(out) > 20 && string(out[12:16]) == "VP8X" {
		out[20] &^= 0x0c // says that there is Exif and XMP
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// WebP is how large a WebP picture is, in pixels; 0 where it does not say.
func WebP(data []byte) (width, height int) {
	if !isWebP(data) || len(data) < 30 {
		return 0, 0
	}
	b := data[20:]
	switch string(data[12:16]) {
	case "VP8X":
		return 1 + (int(b[4]) | int(b[5])<<8 | int(b[6])<<16), 1 + (int(b[7]) | int(b[8])<<8 | int(b[9])<<16)
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[1:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	case "VP8 ":
		return int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff)
	}
	return 0, 0
}
