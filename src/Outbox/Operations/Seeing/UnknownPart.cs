namespace Outbox.Operations.Seeing;

/// <summary>Something that could not be found out.</summary>
/// <param name="Name">The part of <see cref="Overview"/>, in camelCase: <c>pending</c>, <c>delayed</c>, <c>oldestAge</c>, <c>parked</c>, <c>inboxParked</c>, <c>lanes</c>, <c>relays</c>, <c>endpoints</c>, <c>pauses</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record UnknownPart(string Name, string Reason);
