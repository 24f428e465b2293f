namespace Outbox.RelayHost;

/// <summary>A change of an account, which a ledger writes down.</summary>
public sealed record AccountChanged(string AccountId, long Number);
