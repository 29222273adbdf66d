package ci

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// The files for CI are YAML; the action uses all its inputs and puts none into a script.
func TestFiles(t *testing.T) {
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
	text := read("../../action.yml", &action)
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
	dir := t.TempDir()
	for _, system := range Systems() {
		file, err := Write(dir, system, "v1.2.3")
		if err != nil {
			t.Fatal(err)
		}
		if rel, err := filepath.Rel(dir, file); err != nil || filepath.ToSlash(rel) != targets[system] {
			t.Errorf("%s, %v", file, err)
		}
		if _, err := Write(dir, system, "v1.2.3"); err == nil {
			t.Errorf("%s was overwritten", file)
		}
		var any map[string]any
		read(file, &any)
	}
	if _, err := Write(dir, "jenkins", "v1.2.3"); err == nil {
		t.Error("no error")
	}
}

// What CI runs is what was looked at: each action is pinned by a commit, of which the version is
// only a comment, and lockproof by a version. What reads a stranger's files may read and nothing
// else.
func TestPinned(t *testing.T) {
	dir := t.TempDir()
	texts := map[string]string{}
	read := func(file string) []byte {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
		return text
	}
	read("../../action.yml")
	var github []byte
	for _, system := range Systems() {
		file, err := Write(dir, system, "v1.2.3")
		if err != nil {
			t.Fatal(err)
		}
		if text := read(file); system == "github" {
			github = text
		}
		if !strings.Contains(texts[file], "lockproof/cmd/lockproof@v1.2.3\n") {
			t.Errorf("%s does not install v1.2.3", file)
		}
	}
	uses := regexp.MustCompile(`(?m)^.*\buses:.*$`)
	pinned := regexp.MustCompile(`^ +(?:- )?uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$`)
	commits := map[string]string{}
	for file, text := range texts {
		if m := regexp.MustCompile(`@(main|master|latest|v\d+)\b[^.]`).FindString(text); m != "" {
			t.Errorf("%s: %q moves", file, m)
		}
		for _, line := range uses.FindAllString(text, -1) {
			m := pinned.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("%s: not pinned by a commit with its version: %s", file, line)
				continue
			}
			if old := commits[m[1]]; old != "" && old != m[2]+m[3] {
				t.Errorf("%s is pinned in two ways", m[1])
			}
			commits[m[1]] = m[2] + m[3]
		}
	}
	if len(commits) < 5 {
		t.Errorf("only %v", commits)
	}
	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct {
			Permissions map[string]string
			Steps       []struct {
				Uses, Run string
				With      map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(github, &workflow); err != nil {
		t.Fatal(err)
	}
	if len(workflow.Permissions) != 1 || workflow.Permissions["contents"] != "read" {
		t.Errorf("the workflow has %v", workflow.Permissions)
	}
	for name, job := range workflow.Jobs {
		writes := slices.Contains(slices.Collect(maps.Values(job.Permissions)), "write")
		for _, s := range job.Steps {
			if writes && (s.Run != "" || strings.HasPrefix(s.Uses, "actions/checkout@")) {
				t.Errorf("job %s may write and touches what a stranger sent: %+v", name, s)
			}
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
				t.Errorf("job %s keeps the token in the checkout", name)
			}
		}
	}
}

// What can move, or could be more than a version in a script, is no version.
func TestVersion(t *testing.T) {
	for version, want := range map[string]bool{
		"v1.2.3": true, "v0.0.0-20261125174722-0a19a097fab2": true, "v1.2.3-rc.1": true, "0a19a097fab2": true, strings.Repeat("a", 40): true,
		"main": false, "latest": false, "v1": false, "v1.2": false, "devel": false, "": false, "0a19a09": false, strings.Repeat("a", 41): false,
		"v1.2.3+dirty": false, "v1.2.3\nx": false, "v1.2.3 && id": false, "v1.2.3-$(id)": false, "v1.2.3\n": false,
	} {
		if _, err := Write(t.TempDir(), "github", version); (err == nil) != want {
			t.Errorf("%q: %v", version, err)
		}
	}
}
