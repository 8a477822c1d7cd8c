package server

import (
	"path"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// namer names the schemas of the OpenAPI document. Two types with one name
// get their room's name in front.
func namer() func(reflect.Type, string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if t.Name() == "" {
			return name // of a struct without a name: the hint is made unique by its operation
		}
		if other, ok := taken[name]; ok && other != t {
			room := strings.TrimSuffix(path.Base(t.PkgPath()), "api")
			name = strings.ToUpper(room[:1]) + room[1:] + name
		}
		for i, first := 2, name; taken[name] != nil && taken[name] != t; i++ {
			name = first + strconv.Itoa(i)
		}
		taken[name] = t
		return name
	}
}
