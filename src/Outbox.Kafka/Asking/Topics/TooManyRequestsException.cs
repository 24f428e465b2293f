using MassTransit;

namespace Outbox.Kafka;

/// <summary>
/// As many requests of a type wait for their answers as may (<see cref="RequestOptions.MaxPending"/>), so this one was not sent: those who answer are slower than those who ask. Say so to the caller, who
/// may try again later.
/// </summary>
/// <param name="message">Which requests, and what to do.</param>
public sealed class TooManyRequestsException(string message) : RequestException(message);
