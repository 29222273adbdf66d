package scenarios

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/lockproof/lockproof/model"
)

// The documents below are the format of a suite: the reader takes its keys from them, and the JSON
// Schema is made of them. A field without omitempty is a required key.
type suiteDoc struct {
	Suite     string        `json:"suite" jsonschema:"the name of the suite, unique among the suites that are loaded together"`
	Title     string        `json:"title,omitempty" jsonschema:"one line: the question that the suite answers"`
	Protocol  string        `json:"protocol,omitempty" jsonschema:"a shipped protocol (lockproof list), or a path to a .c file, relative to the suite"`
	Sources   []string      `json:"sources,omitempty" jsonschema:"C files with the thread bodies, relative to the suite"`
	Tree      pathsAny      `json:"tree,omitempty" jsonschema:"real source, relative to the suite: what threads run and no C of the suite defines is cut out of it"`
	Own       []string      `json:"own,omitempty" jsonschema:"helpers that are taken from the tree and not from the protocol"`
	Source    string        `json:"source,omitempty" jsonschema:"the C itself, as a block that begins with |"`
	Races     Races         `json:"races,omitempty" jsonschema:"check: a data race is a violation; warn: it stands beside the verdict (the default without a protocol); ignore: nobody looks (the default with one)"`
	Leaks     Leaks         `json:"leaks,omitempty" jsonschema:"check (the default): memory to which nothing leads when all threads are finished is a violation; ignore (the default with tree): nobody looks"`
	Order     []string      `json:"order,omitempty" jsonschema:"the hierarchy of lock classes, outermost first: driver, domain, monitor"`
	Cover     cover         `json:"cover,omitempty" jsonschema:"required: it is a finding where no scenario reaches some of the C that they can call"`
	Scenarios []scenarioDoc `json:"scenarios" jsonschema:"the scenarios, at least one"`
}

type scenarioDoc struct {
	Name     string         `json:"name" jsonschema:"the name of the scenario, unique in the suite"`
	Threads  []threadAny    `json:"threads" jsonschema:"what runs at the same time, at least one thread"`
	Faults   []Fault        `json:"faults,omitempty" jsonschema:"what may go wrong for every thread"`
	Races    Races          `json:"races,omitempty" jsonschema:"as in the suite, for this scenario; an expected data-race is checked for anyway"`
	Leaks    Leaks          `json:"leaks,omitempty" jsonschema:"as in the suite, for this scenario"`
	Fairness model.Fairness `json:"fairness,omitempty" jsonschema:"asks as well whether somebody can be passed over for ever: weak, who can go on all the time goes on sooner or later; strong, who can go on again and again does"`
	Liveness model.Liveness `json:"liveness,omitempty" jsonschema:"with fairness. completion: each thread must finish or complete its round (the default); progress: some thread must"`
	Rules    rules          `json:"rules,omitempty" jsonschema:"ignore: do not check requires(...), to see what a broken precondition leads to"`
	Expect   expectAny      `json:"expect" jsonschema:"the verdict that the scenario is meant to get"`
	Why      string         `json:"why,omitempty" jsonschema:"one line for the report"`
}

type threadDoc struct {
	Run    string  `json:"run" jsonschema:"the call: function(arguments)"`
	Count  int     `json:"count,omitempty" jsonschema:"how many such threads"`
	Loop   bool    `json:"loop,omitempty" jsonschema:"the thread never finishes: it begins again"`
	Faults []Fault `json:"faults,omitempty" jsonschema:"what may go wrong for this thread, besides the faults of the scenario"`
}

// threadAny is a compact string or a threadDoc; expectAny is a string or a mapping of one verdict
// to a kind; pathsAny is a path or a list of them.
type (
	pathsAny  struct{}
	threadAny struct{}
	expectAny struct{}
)

// rules says whether preconditions are checked.
type rules string

const (
	enforceRules rules = "enforce"
	ignoreRules  rules = "ignore"
)

// cover says what it means where no scenario reaches some of the C.
type cover string

const (
	reportCover  cover = "report"
	requireCover cover = "required"
)

func allCovers() []cover { return []cover{reportCover, requireCover} }

func allRules() []rules { return []rules{enforceRules, ignoreRules} }

// docKeys are the keys of a mapping.
type docKeys struct{ all, required []string }

func keysOf[T any]() docKeys {
	var k docKeys
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		k.all = append(k.all, name)
		if options == "" {
			k.required = append(k.required, name)
		}
	}
	return k
}

const (
	namePattern = `^[A-Za-z0-9][A-Za-z0-9._-]*$`
	callPattern = `[A-Za-z_]\w*\s*\(\s*(` + argPattern + `\s*(,\s*` + argPattern + `\s*)*)?\)`
	argPattern  = `(\w+|-\d+|&[A-Za-z_]\w*(\[\d+\]|\.\w+)*)`
)

// Schema is the JSON Schema (draft 2020-12) of a suite, for editors and for whoever writes suites
// by program. What it cannot say is left to [Load]: names that must be unique, files that must
// exist, functions that the C must define.
func Schema() []byte {
	faults := enum(Faults())
	thread := must(jsonschema.For[threadDoc](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[Fault](): faults,
	}}))
	thread.Properties["run"].Pattern = `^\s*` + callPattern + `\s*$`
	thread.Properties["count"].Minimum = jsonschema.Ptr(1.0)
	thread.Properties["count"].Maximum = jsonschema.Ptr(float64(model.MaxThreads))
	compact := &jsonschema.Schema{
		Type: "string", Description: "function(arguments); x3 makes three of it, loop lets it begin again",
		Pattern: `^\s*` + callPattern + `(\s*(x\d+|loop))*\s*$`,
	}
	s := must(jsonschema.For[suiteDoc](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[pathsAny]():       pathsSchema(),
		reflect.TypeFor[threadAny]():      {OneOf: []*jsonschema.Schema{compact, thread}},
		reflect.TypeFor[expectAny]():      expectSchema(),
		reflect.TypeFor[Fault]():          faults,
		reflect.TypeFor[rules]():          enum(allRules()),
		reflect.TypeFor[Races]():          enum(AllRaces()),
		reflect.TypeFor[Leaks]():          enum(AllLeaks()),
		reflect.TypeFor[cover]():          enum(allCovers()),
		reflect.TypeFor[model.Fairness](): enum(model.Fairnesses()),
		reflect.TypeFor[model.Liveness](): enum(model.Livenesses()),
	}}))
	s.ID = "https://lockproof.github.io/schema/suite.json"
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "lockproof suite"
	scenario := s.Properties["scenarios"].Items
	for _, name := range []*jsonschema.Schema{s.Properties["suite"], scenario.Properties["name"]} {
		name.Pattern = namePattern
	}
	for _, full := range []*jsonschema.Schema{s.Properties["scenarios"], scenario.Properties["threads"]} {
		full.MinItems = jsonschema.Ptr(1)
	}
	s.AnyOf = []*jsonschema.Schema{
		{Required: []string{"protocol"}},
		{Required: []string{"sources"}},
		{Required: []string{"source"}},
	}
	onlyLists(s)
	return append(must(json.MarshalIndent(s, "", "  ")), '\n')
}

// pathsSchema allows a path and a list of paths.
func pathsSchema() *jsonschema.Schema {
	one := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }
	many := &jsonschema.Schema{Type: "array", Items: one(), MinItems: jsonschema.Ptr(1)}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{one(), many}}
}

// expectSchema allows a verdict, "verdict: kind" and {verdict: kind}.
func expectSchema() *jsonschema.Schema {
	var words []string
	narrow := &jsonschema.Schema{
		Type: "object", Properties: map[string]*jsonschema.Schema{}, MinProperties: jsonschema.Ptr(1),
		MaxProperties:        jsonschema.Ptr(1),
		AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
	for _, v := range expectable() {
		words = append(words, string(v))
		if !hasKind(v) {
			continue
		}
		narrow.PropertyOrder = append(narrow.PropertyOrder, string(v))
		narrow.Properties[string(v)] = enum(model.Kinds())
		for _, k := range model.Kinds() {
			words = append(words, Expectation{v, k}.String())
		}
	}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{enum(words), narrow}}
}

func enum[S ~string](values []S) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}

// onlyLists takes back that Go's nil slices may be null.
func onlyLists(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if slices.Contains(s.Types, "array") {
		s.Type, s.Types = "array", nil
	}
	onlyLists(s.Items)
	for _, p := range s.Properties {
		onlyLists(p)
	}
	for _, o := range s.OneOf {
		onlyLists(o)
	}
}

// must is for values that depend on nothing but this package's types.
func must[T any](v T, err error) T {
	if err != nil {
		panic("scenarios: the schema cannot be made: " + err.Error())
	}
	return v
}
