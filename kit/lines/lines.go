// Package lines turns lines into lines on all cores: in order, streaming, and
// without waiting for more input than there is.
package lines

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
)

// Max is the longest line that is taken, in bytes.
const Max = 16 << 20

// chunk is how many lines go to a worker at once, at most.
const chunk = 256

// Line is one line with what it became.
type Line struct {
	Number int    // from 1
	In     []byte // without its end; nil when it was longer than Max
	Out    []byte // what to write; empty writes nothing
	Failed bool
}

type batch struct {
	lines []Line
	done  chan struct{}
}

// Map gives every line of in that is not empty to a worker, and writes what
// the worker left in Out, each with a line end, in the order of the input. A
// worker is used by one goroutine; work makes one for each core. Whenever the
// input pauses, what is finished is flushed. Map returns how many lines were
// marked as failed. It ends early when ctx does or when out fails.
func Map(ctx context.Context, in io.Reader, out io.Writer, work func() func(*Line)) (failed int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cores := runtime.GOMAXPROCS(0)
	todo := make(chan *batch, cores)
	order := make(chan *batch, 4*cores)
	readErr := make(chan error, 1)
	for range cores {
		go func() {
			w := work()
			for b := range todo {
				for i := range b.lines {
					w(&b.lines[i])
				}
				close(b.done)
			}
		}()
	}
	go func() {
		defer close(order)
		defer close(todo)
		readErr <- read(ctx, in, func(b *batch) bool {
			select {
			case todo <- b:
			case <-ctx.Done():
				return false
			}
			select {
			case order <- b:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	failed, err = write(ctx, out, order)
	if err != nil {
		return failed, err
	}
	return failed, <-readErr
}

// read cuts the input into batches. A batch is handed on when it is full or
// when nothing more is buffered, so that a pause never holds lines back.
func read(ctx context.Context, in io.Reader, hand func(*batch) bool) error {
	r := bufio.NewReaderSize(in, 1<<18)
	b := &batch{done: make(chan struct{})}
	number := 0
	for ctx.Err() == nil {
		text, err := line(r)
		if err != nil && err != io.EOF {
			return err
		}
		atEnd := err == io.EOF
		if !atEnd || len(text) > 0 || text == nil {
			number++
			if trimmed := bytes.TrimRight(text, "\r\n"); text == nil || len(bytes.TrimSpace(trimmed)) > 0 {
				b.lines = append(b.lines, Line{Number: number, In: trimmed})
			}
		}
		if len(b.lines) > 0 && (atEnd || len(b.lines) == chunk || !another(r)) {
			if !hand(b) {
				return ctx.Err()
			}
			b = &batch{done: make(chan struct{})}
		}
		if atEnd {
			return nil
		}
	}
	return ctx.Err()
}

// another tells whether a whole line more is there already.
func another(r *bufio.Reader) bool {
	rest, _ := r.Peek(r.Buffered()) // what is buffered is there
	return bytes.IndexByte(rest, '\n') >= 0
}

// line reads one line; a line over Max is read past and comes as nil. At the
// end of the input it returns what is left with io.EOF.
func line(r *bufio.Reader) ([]byte, error) {
	text := []byte{}
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			text = append(text, part...)
		}
		if len(text) > Max {
			long, text = true, nil
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if long {
			return nil, err
		}
		return text, err
	}
}

func write(ctx context.Context, out io.Writer, order <-chan *batch) (failed int, err error) {
	w := bufio.NewWriterSize(out, 1<<18)
	for {
		var b *batch
		select {
		case b = <-order:
		default:
			if err := w.Flush(); err != nil {
				return failed, err
			}
			select {
			case b = <-order:
			case <-ctx.Done():
				return failed, ctx.Err()
			}
		}
		if b == nil {
			return failed, w.Flush()
		}
		select {
		case <-b.done:
		default:
			if err := w.Flush(); err != nil {
				return failed, err
			}
			<-b.done
		}
		for _, l := range b.lines {
			if l.Failed {
				failed++
			}
			if len(l.Out) == 0 {
				continue
			}
			if _, err := w.Write(append(l.Out, '\n')); err != nil {
				return failed, err
			}
		}
	}
}
