// Reads a report as reviewdog does and prints what it understood: a JSON array of diagnostics.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/reviewdog/reviewdog/parser"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	reader, err := parser.New(&parser.Option{FormatName: os.Args[1]})
	if err != nil {
		fail(err)
	}
	found, err := reader.Parse(os.Stdin)
	if err != nil {
		fail(err)
	}
	written := []string{}
	for _, diagnostic := range found {
		text, err := protojson.Marshal(diagnostic)
		if err != nil {
			fail(err)
		}
		written = append(written, string(text))
	}
	fmt.Printf("[%s]\n", strings.Join(written, ","))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
