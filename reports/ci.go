package reports

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

//go:embed ci
var ciFiles embed.FS

// ciTargets says where the file of each CI system belongs in a project.
var ciTargets = map[string]string{
	"github": ".github/workflows/lockproof.yml",
	"gitlab": "lockproof.gitlab-ci.yml",
}

// CISystems lists the systems that [WriteCI] knows.
func CISystems() []string {
	var names []string
	for name := range ciTargets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// installable is what go install takes and what stays what it is: a version of the module, or a
// commit.
var installable = regexp.MustCompile(`^(v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?|[0-9a-f]{12,40})$`)

// WriteCI writes the file that runs the gate into a project, and returns its path. The file asks
// for one version of lockproof. It overwrites nothing.
func WriteCI(dir, system, version string) (string, error) {
	target, ok := ciTargets[system]
	if !ok {
		return "", fmt.Errorf("%q is none of the CI systems %s", system, strings.Join(CISystems(), ", "))
	}
	if !installable.MatchString(version) {
		return "", fmt.Errorf("%q is no version of lockproof that can be installed again: a version is like v1.2.3, or a commit", version)
	}
	text, err := ciFiles.ReadFile("ci/" + system + ".yml")
	if err != nil {
		return "", err
	}
	text = bytes.ReplaceAll(text, []byte("LOCKPROOF_VERSION"), []byte(version))
	file := filepath.Join(dir, filepath.FromSlash(target))
	return file, staging.Create(staging.File{Name: file, Text: text})
}
