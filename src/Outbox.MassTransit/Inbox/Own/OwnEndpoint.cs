namespace Outbox.Inbox.Own;

/// <summary>A topic endpoint, for what its consumers send to it alone: a payload of the receive context.</summary>
/// <param name="Name">The endpoint's name in the header <c>outbox.endpoint</c>.</param>
/// <param name="Consumes">Whether it consumes a topic.</param>
internal sealed record OwnEndpoint(string Name, Func<string, bool> Consumes);
