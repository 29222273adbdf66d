// Package ci writes the files that run the gate in a CI system.
package ci

import (
	"bytes"
	"embed"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/reports/staging"
)

//go:embed github.yml gitlab.yml
var files embed.FS

// targets says where the file of each CI system belongs in a project.
var targets = map[string]string{
	"github": ".github/workflows/lockproof.yml",
	"gitlab": "lockproof.gitlab-ci.yml",
}

// Systems lists the systems that [Write] knows.
func Systems() []string {
	var names []string
	for name := range targets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// installable is what go install takes and what stays what it is: a version of the module, or a
// commit.
var installable = regexp.MustCompile(`^(v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?|[0-9a-f]{12,40})$`)

// Write writes the file that runs the gate into a project, and returns its path. The file asks
// for one version of lockproof. It overwrites nothing.
func Write(dir, system, version string) (string, error) {
	target, ok := targets[system]
	if !ok {
		return "", fmt.Errorf("%q is none of the CI systems %s", system, strings.Join(Systems(), ", "))
	}
	if !installable.MatchString(version) {
		return "",
			fmt.Errorf("%q is no version of lockproof that can be installed again: a version is like v1.2.3, or a commit",
				version)
	}
	text, err := files.ReadFile(system + ".yml")
	if err != nil {
		return "", err
	}
	text = bytes.ReplaceAll(text, []byte("LOCKPROOF_VERSION"), []byte(version))
	file := filepath.Join(dir, filepath.FromSlash(target))
	return file, staging.Create(staging.File{Name: file, Text: text})
}
