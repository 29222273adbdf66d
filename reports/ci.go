package reports

import (
	"embed"
	"fmt"
	"path/filepath"
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

// WriteCI writes the file that runs the gate into a project, and returns its path. It overwrites nothing.
func WriteCI(dir, system string) (string, error) {
	target, ok := ciTargets[system]
	if !ok {
		return "", fmt.Errorf("%q is none of the CI systems %s", system, strings.Join(CISystems(), ", "))
	}
	text, err := ciFiles.ReadFile("ci/" + system + ".yml")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, filepath.FromSlash(target))
	return file, staging.Create(staging.File{Name: file, Text: text})
}
