"""A web application whose session is one token: log in, guard a route, refresh.

JWTCTL_SECRET is the secret that the application shares with jwtctl; PORT is 8000 by default.
"""

import os
import sys
import time

import jwt
from flask import Flask, request

SECRET = os.environ.get("JWTCTL_SECRET")
if not SECRET:
    sys.exit("JWTCTL_SECRET is not set: the application needs a secret to sign its sessions with")

LIFETIME = 30 * 60  # seconds

app = Flask(__name__)


def signed(claims):
    """A token with these claims that is valid from now on for a lifetime."""
    return {"token": jwt.encode({**claims, "exp": int(time.time()) + LIFETIME}, SECRET, "HS256")}


def session():
    """The claims of the token that came with the request; a token without exp would never end."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise jwt.InvalidTokenError("no bearer token")
    return jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["user_id", "exp"]})


def unauthorized(error):
    return {"error": error}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}


@app.errorhandler(jwt.ExpiredSignatureError)
def expired(_):
    return unauthorized("expired")


@app.errorhandler(jwt.InvalidTokenError)
def invalid(_):
    return unauthorized("invalid")


@app.post("/login")
def login():
    """A real application checks a password here."""
    body = request.get_json()
    if not isinstance(body, dict) or not isinstance(body.get("user_id"), int):
        return {"error": "user_id must be an integer"}, 400
    return signed({"user_id": body["user_id"]})


@app.get("/me")
def me():
    return {"user_id": session()["user_id"]}


@app.post("/refresh")
def refresh():
    """Every claim is kept: signing the user_id alone would lose the others, and exp with them."""
    return signed(session())


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "8000")))
