package tree

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// objects is a process of git that hands out objects by name.
type objects struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr said
}

// An object is what git keeps under one id; kind is commit, tree, blob or tag.
type object struct {
	id, kind string
	text     []byte
}

// maxListing bounds the directories of a repository.
const maxListing = 64 << 20

// errMissing is about an object that is not there.
var errMissing = errors.New("it has no such object")

// startObjects starts git on a repository, whose configuration may be anybody's. Only objects are
// read: no filter, hook, pager or alias has a part in that, and a partial clone would have to ask a
// remote for what it does not have, by a program that its configuration names; so no transport is
// allowed. Names of objects go through the pipe, where no option can hide in them.
func startObjects(dir string) (*objects, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return nil, fmt.Errorf("git is needed to read a repository: %w", err)
	}
	if git, err = filepath.Abs(git); err != nil {
		return nil, err
	}
	o := &objects{cmd: exec.Command(git, "--no-pager", "--no-replace-objects",
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.bigFileThreshold=16m",
		"cat-file", "--batch")}
	o.cmd.Dir = dir
	o.cmd.Env = environment()
	o.cmd.Stderr = &o.stderr
	if o.in, err = o.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	o.out = bufio.NewReaderSize(out, 1<<16)
	if err := o.cmd.Start(); err != nil {
		return nil, fmt.Errorf("reading the repository %s: %w", dir, err)
	}
	return o, nil
}

// environment is ours without what points git elsewhere. The user's own configuration stays: it
// says which repositories of others he trusts.
func environment() []string {
	var env []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, "GIT_") || strings.HasPrefix(name, "GIT_CONFIG") {
			env = append(env, e)
		}
	}
	return append(env, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none",
		"GIT_SSH_COMMAND=false", "GIT_ASKPASS=false")
}

// read asks for one object of at most limit bytes. With a limit of 0 its text is not kept.
func (o *objects) read(name string, limit int64) (object, error) {
	if _, err := io.WriteString(o.in, name+"\n"); err != nil {
		return object{}, err
	}
	head, err := o.line()
	if err != nil {
		return object{}, err
	}
	switch {
	case head == name+" missing":
		return object{}, errMissing
	case head == name+" ambiguous":
		return object{}, leftError("the name is ambiguous")
	}
	words := strings.Fields(head)
	if len(words) != 3 {
		return object{}, fmt.Errorf("git says %.100q", head)
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil || size < 0 {
		return object{}, fmt.Errorf("git says %.100q", head)
	}
	if _, err := hex.DecodeString(words[0]); err != nil {
		return object{}, fmt.Errorf("git says %.100q", head)
	}
	x := object{id: words[0], kind: words[1]}
	if limit > 0 && size > limit {
		return object{}, leftError(fmt.Sprintf("it has %d bytes, more than the limit of %d", size, limit))
	}
	if limit == 0 {
		_, err = io.CopyN(io.Discard, o.out, size)
	} else {
		x.text = make([]byte, size)
		_, err = io.ReadFull(o.out, x.text)
	}
	if err != nil {
		return object{}, err
	}
	_, err = o.out.Discard(1) // the newline behind it
	return x, err
}

// line reads one short line.
func (o *objects) line() (string, error) {
	text, err := o.out.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(text, []byte("\n"))), nil
}

// kill ends the process at once.
func (o *objects) kill() { o.cmd.Process.Kill() }

// end ends the process, and returns the last that it had to complain of.
func (o *objects) end() string {
	o.in.Close()
	o.kill()
	o.cmd.Wait()
	return o.stderr.last()
}

// said keeps the beginning of what a process writes to its standard error.
type said struct{ text []byte }

func (s *said) Write(p []byte) (int, error) {
	s.text = append(s.text, p[:min(len(p), 4096-len(s.text))]...)
	return len(p), nil
}

func (s *said) last() string {
	lines := strings.Split(strings.TrimSpace(string(s.text)), "\n")
	for i := range lines {
		if text, ok := strings.CutPrefix(lines[i], "fatal: "); ok {
			return text
		}
	}
	return lines[0]
}

// An entry is a line of a directory.
type entry struct{ mode, name, id string }

const treeMode = "40000"

func (e entry) isTree() bool { return e.mode == treeMode }

// isFile reports whether an entry is a regular file.
func (e entry) isFile() bool { return strings.HasPrefix(e.mode, "100") }

// parseTree reads a directory as git keeps it: mode, space, name, NUL and an id of so many bytes.
func parseTree(text []byte, idBytes int) ([]entry, error) {
	broken := errors.New("the repository is broken: a directory cannot be read")
	var list []entry
	for len(text) > 0 {
		mode, rest, ok := bytes.Cut(text, []byte(" "))
		name, rest, ok2 := bytes.Cut(rest, []byte("\x00"))
		if !ok || !ok2 || len(mode) > 6 || len(rest) < idBytes {
			return nil, broken
		}
		if len(name) == 0 || string(name) == "." || string(name) == ".." || bytes.IndexByte(name, '/') >= 0 {
			return nil, broken
		}
		list = append(list, entry{string(mode), string(name), hex.EncodeToString(rest[:idBytes])})
		text = rest[idBytes:]
	}
	return list, nil
}
