package scenarios

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("suite.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("suite.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, file string, text []byte) (yaml bool, err error) {
	t.Helper()
	n, ds := readYAML(t.Context(), file, text)
	if len(ds) > 0 {
		return false, ds
	}
	return true, s.Validate(n.plain())
}

func TestSchemaAccepts(t *testing.T) {
	s := compileSchema(t)
	library, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	good, err := Load(t.Context(), "testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	for _, suite := range append(library, good...) {
		if _, err := validate(t, s, suite.File, []byte(suite.Text)); err != nil {
			t.Errorf("%s: %v", suite.File, err)
		}
	}
}

// A schema knows nothing of other files, of names that must differ and of sums.
func TestSchemaRejects(t *testing.T) {
	beyond := map[string]bool{"duplicate-key.yaml": true, "duplicate-name.yaml": true, "missing-file.yaml": true, "escape.yaml": true}
	s := compileSchema(t)
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		yaml, err := validate(t, s, file, text)
		if yaml && (err == nil) != beyond[filepath.Base(file)] {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestSchemaStable(t *testing.T) {
	if !bytes.Equal(Schema(), Schema()) {
		t.Error("two calls, two schemas")
	}
	golden(t, "testdata/suite.schema.json", string(Schema()))
}
