namespace Outbox.Kafka.Inbox.Way;

/// <summary>Why a message can neither be processed nor wait elsewhere.</summary>
/// <param name="Reason">For people.</param>
/// <param name="KeepsOrder">Whether what comes behind it, with the same key, has to wait too.</param>
internal sealed record Aside(string Reason, bool KeepsOrder);
