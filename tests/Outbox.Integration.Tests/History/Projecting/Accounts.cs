using Outbox.History;
using Outbox.History.Projecting;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Projecting;

public sealed record AccountOpened(string AccountId, string Owner);

public sealed record AmountBooked(string AccountId, int Amount);

/// <summary>Nothing folds it, and its version counts.</summary>
public sealed record StatementSent(string AccountId);

public sealed record AccountClosed(string AccountId);

/// <summary>What the owner's events are appended to.</summary>
public sealed record Account(int Events);

public sealed class AccountFold : IFold<Account>
{
    public Account Initial { get; } = new(0);

    public Account Evolve(Account state, object @event) => new(state.Events + 1);
}

/// <summary>The folds do not commute, so that a row shows in which order its events came, and whether one came twice.</summary>
public sealed record AccountRow(string Id, string Owner, long Balance, string Path, int Schema);

/// <summary>A read model of accounts.</summary>
public sealed class AccountList : Projection<AccountRow>
{
    public AccountList(string name, int version = 1, Func<EventInfo, bool>? fails = null)
        : base(name, version)
    {
        On<AccountOpened>((row, e, info) => Try(fails, info, new AccountRow(info.EntityId, e.Owner, row?.Balance ?? 0, $"{row?.Path}o{info.Version} ", version)));
        On<AmountBooked>((row, e, info) => Try(fails, info, row is null ? null : row with { Balance = (row.Balance * 3) + e.Amount, Path = $"{row.Path}{info.Version} " }));
        On<AccountClosed>((_, _, info) => Try(fails, info, null));
        On<Tombstone<AccountOpened>>((_, _, info) => Try(fails, info, null));
    }

    private static AccountRow? Try(Func<EventInfo, bool>? fails, EventInfo info, AccountRow? row) =>
        fails?.Invoke(info) == true ? throw new InvalidOperationException($"the fold of {info.EntityId} {info.Version} is broken") : row;
}

/// <summary>The same with other folds.</summary>
public sealed class OwnerList : Projection<OwnerRow>
{
    public OwnerList(string name)
        : base(name, version: 1) => On<AccountOpened>((_, e) => new OwnerRow(e.AccountId, e.Owner));
}

public sealed record OwnerRow(string Id, string Owner);
