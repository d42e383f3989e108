// The throughput of golang-jwt: golang_jwt SECRET-FILE TOKENS-FILE. Every token is in memory before the
// clock starts, the parser and the key are kept, the claims go into a struct (its faster way), and no
// claims are written, though jwtctl writes them. Prints the number of tokens and the nanoseconds of the loop.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/golang-jwt/jwt"
)

func main() {
	runtime.GOMAXPROCS(1)
	secret, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	text, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	tokens := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}))
	key := func(*jwt.Token) (any, error) { return secret, nil }

	start := time.Now()
	for _, token := range tokens {
		claims := jwt.RegisteredClaims{}
		if _, err := parser.ParseWithClaims(token, &claims, key); err != nil {
			log.Fatal(err)
		}
		// This version checks the times it finds; that there is an exp, and the audience, are asked apart.
		if claims.ExpiresAt == nil || !claims.VerifyAudience("api", true) {
			log.Fatal("no exp, or another audience")
		}
	}
	fmt.Println(len(tokens), time.Since(start).Nanoseconds())
}
