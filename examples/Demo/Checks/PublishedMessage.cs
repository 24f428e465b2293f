namespace Demo.Checks;

/// <summary>A message as it was published.</summary>
internal sealed record PublishedMessage(string EntityType, string EntityId, long Version, string MessageId, bool IsRepair = false);
