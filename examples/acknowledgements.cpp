// Questions and answers, in both directions: what a handler returns is the answer to its client, and the server may ask one
// client or a whole room, by co_await or with a callback, and set a time.
#include <atrium/socketio/server.h>

#include <iostream>

using namespace atrium::socketio;
using namespace std::chrono_literals;
using atrium::Task;

struct Division {
  double dividend = 0;
  double divisor = 0;
};
BOOST_DESCRIBE_STRUCT(Division, (), (dividend, divisor))

// How a vote went.
struct Tally {
  std::size_t yes = 0;
  std::size_t no = 0;
  std::size_t silent = 0;  // asked, but late, or gone
};
BOOST_DESCRIBE_STRUCT(Tally, (), (yes, no, silent))

// await socket.emitWithAck('divide', { dividend: 6, divisor: 3 })   2
// ... { dividend: 6, divisor: 0 })          { ok: false, error: { code: 'DIVISION_BY_ZERO', message: ... } }
// ... { dividend: 'six', divisor: 3 })      { ok: false, error: { code: 'VALIDATION_FAILED', field: 'dividend', ... } }
double divide(const Division& division) {
  if (division.divisor == 0) throw Refusal("DIVISION_BY_ZERO", "Nothing can be divided by zero.");
  return division.dividend / division.divisor;
}

// Asks back before it answers. A handler that is a coroutine has the later events of its sender wait until it ends; the
// thread does not wait.
Task<std::string> guess(Socket& socket) {
  const AckResult answer = co_await socket.timeout(5s).emit_with_ack("which number?");
  if (!answer) co_return "no answer: " + std::string(to_string(answer.error()));
  co_return answer->args.size() == 1 && answer->args[0] == 42 ? "right" : "wrong";
}

// Asks everyone in the room at once: encoded once, answered one by one.
Task<Tally> vote(Socket& socket, std::string question) {
  const AckAnswers answers = co_await socket.to("voters").timeout(1s).emit_with_ack("vote", question);
  Tally tally{.silent = answers.asked - answers.answers.size()};
  for (const AckAnswer& answer : answers.answers) {
    const bool yes = !answer.args.empty() && answer.args[0] == "yes";
    ++(yes ? tally.yes : tally.no);
  }
  co_return tally;
}

int main(int argc, char** argv) {
  Server io;
  io.on("divide", divide);
  io.on("guess", guess);
  io.on("vote", vote);
  io.on("become voter", [](Socket& socket) {
    socket.join("voters");
    return true;
  });
  // The same with a callback, which comes on the socket's thread; the shared pointer keeps the socket until then.
  io.on("ping me", [](Socket& socket) {
    socket.timeout(5s).emit_with_ack("ping").then(
        [socket = socket.shared_from_this()](AckResult answer) { socket->emit("ping answered", answer.has_value()); });
  });

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
