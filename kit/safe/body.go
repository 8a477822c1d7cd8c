package safe

import "io"

// body is a response body that fails, instead of ending, when it is larger
// than the limit.
type body struct {
	io.ReadCloser
	left, max int64
	host      string
}

func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, &TooLarge{b.host, b.max}
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, &TooLarge{b.host, b.max}
	}
	return n, err
}
