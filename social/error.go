package social

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what a caller can do about them. Machines read the
// kind; people read the text.
type Kind string

// The kinds of error. Every error that leaves a room has one of these.
const (
	Invalid   Kind = "invalid"   // the request is wrong; the text says how to mend it
	NotFound  Kind = "not_found" // it does not exist, or may not be seen
	Forbidden Kind = "forbidden" // it may be seen but not done; the text says what is missing
	Unauth    Kind = "unauth"    // nobody is signed in, or the credentials are wrong
	Conflict  Kind = "conflict"  // it was changed by somebody else, or exists already
	Busy      Kind = "busy"      // a limit was met or a service is away; trying again later helps
	Unknown   Kind = "unknown"   // nobody can tell whether it happened; never simply try again
	Fault     Kind = "fault"     // our own mistake
)

// Error is trouble with a kind and a sentence that is safe to show a person.
type Error struct {
	Kind  Kind
	Text  string // complete sentence, safe to show
	Field string // the input that is wrong, if one is ("query", "body.email"); may be empty
	At    int    // for text inputs: the 1-based column (in runes) of the mistake; 0 if it does not apply
	Fix   string // where to go to mend it: a path of the app such as "/govern/policies/…"; may be empty
	Err   error  // the cause; logged, never shown
}

// Error returns the text that is safe to show, without the cause.
func (e *Error) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of the given kind. A %w verb keeps its operand as the
// cause; write the cause last and only when its words are safe to show,
// otherwise use Because.
func Errorf(kind Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Text: err.Error(), Err: errors.Unwrap(err)}
}

// Because makes an Error whose cause is kept for the log and not shown.
func Because(kind Kind, cause error, format string, args ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...), Err: cause}
}

// KindOf returns the kind of the first Error in err's chain, Fault if there
// is none, and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Fault
}

// Is reports whether err carries the kind.
func (k Kind) Is(err error) bool { return err != nil && KindOf(err) == k }
