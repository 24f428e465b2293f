namespace Outbox.RelayHost;

/// <summary>A change of an account, which a ledger writes down.</summary>
public sealed record AccountChanged(string AccountId, long Number);

/// <summary>That a change was written down.</summary>
public sealed record AccountNoted(string AccountId);
