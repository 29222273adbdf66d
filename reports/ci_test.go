package reports

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// The files for CI are YAML, and the action has what the workflow asks of it: its inputs, and flags that lockproof knows.
func TestCIFiles(t *testing.T) {
	read := func(file string, into any) string {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, into); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		return string(text)
	}
	var action struct {
		Name, Description string
		Inputs            map[string]struct{ Description, Default string }
		Outputs           map[string]struct{ Value string }
		Runs              struct {
			Using string
			Steps []struct {
				Name, ID, Uses, Shell, Run, If string
				Env, With                      map[string]string
			}
		}
	}
	text := read("../action.yml", &action)
	if action.Runs.Using != "composite" || len(action.Runs.Steps) != 5 {
		t.Errorf("%+v", action.Runs)
	}
	for name, in := range action.Inputs {
		if in.Description == "" || !strings.Contains(text, "inputs."+name) {
			t.Errorf("input %s is not described or not used", name)
		}
	}
	for i, s := range action.Runs.Steps {
		if (s.Run == "") == (s.Uses == "") || s.Run != "" && s.Shell != "bash" {
			t.Errorf("step %d: %+v", i, s)
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %d puts an input into a script: it belongs into env", i)
		}
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses string
				With map[string]string
			}
		}
	}
	dir := t.TempDir()
	for _, system := range CISystems() {
		file, err := WriteCI(dir, system)
		if err != nil {
			t.Fatal(err)
		}
		if rel, err := filepath.Rel(dir, file); err != nil || filepath.ToSlash(rel) != ciTargets[system] {
			t.Errorf("%s, %v", file, err)
		}
		if _, err := WriteCI(dir, system); err == nil {
			t.Errorf("%s was overwritten", file)
		}
		if system != "github" {
			var any map[string]any
			read(file, &any)
			continue
		}
		read(file, &workflow)
		for _, s := range workflow.Jobs["lockproof"].Steps {
			for name := range s.With {
				if _, ok := action.Inputs[name]; strings.HasPrefix(s.Uses, "lockproof/") && !ok {
					t.Errorf("the action has no input %s", name)
				}
			}
		}
	}
	if _, err := WriteCI(dir, "jenkins"); err == nil {
		t.Error("no error")
	}
}
