package reports

import (
	"encoding/json"
	"reflect"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/lockproof/lockproof/model"
)

// Schema is the JSON Schema (draft 2020-12) of a [Report], made from its Go types.
func Schema() []byte {
	kinds := append(append([]model.Kind{""}, model.Kinds()...), model.Unreached)
	s, err := jsonschema.For[Report](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[model.Verdict](): enum(model.Verdicts()),
		reflect.TypeFor[model.Kind]():    enum(kinds),
		reflect.TypeFor[model.Limit]():   enum(model.Limits()),

		reflect.TypeFor[MutantStatus](): enum(MutantStatuses()),

		reflect.TypeFor[Relation]():  enum(Relations()),
		reflect.TypeFor[Direction](): enum([]Direction{Forward, Backward, Apart}),

		reflect.TypeFor[Moment](): {Types: []string{"string", "number"}},

		reflect.TypeFor[CycleStatus](): enum([]CycleStatus{Real, Guarded, Unsettled}),
	}})
	if err != nil {
		panic("reports: the schema cannot be made: " + err.Error())
	}
	s.ID = "https://lockproof.github.io/schema/result.json"
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "lockproof report"
	s.Properties["version"].Const = jsonschema.Ptr[any](Version)
	neverNull(s)
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("reports: the schema cannot be written: " + err.Error())
	}
	return append(text, '\n')
}

func enum[S ~string](values []S) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}

// neverNull takes back that nil slices and pointers may be null: a report writes [] or leaves the
// field out.
func neverNull(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if i := slices.Index(s.Types, "null"); i >= 0 {
		if s.Types = slices.Delete(slices.Clone(s.Types), i, i+1); len(s.Types) == 1 {
			s.Type, s.Types = s.Types[0], nil
		}
	}
	neverNull(s.Items)
	neverNull(s.AdditionalProperties)
	for _, p := range s.Properties {
		neverNull(p)
	}
}
