using Outbox.History;
using Outbox.Messages;

namespace Outbox.Integration.Tests.History.Keeping;

public sealed record WalletOpened(string WalletId, string Owner);

public sealed record MoneyAdded(string WalletId, int Amount);

public sealed record MoneyTaken(string WalletId, int Amount, string Shop);

/// <summary>Its state is in private fields of several kinds, as users have them.</summary>
public sealed class Wallet : Aggregate
{
    private readonly Dictionary<string, int> _spent = [];
    private string? _owner;
    private int _balance;

    public Wallet(string id, string owner)
    {
        Id = id;
        Raise(new WalletOpened(id, owner));
    }

    private Wallet()
    {
    }

    public int Changes { get; private set; }

    public bool IsClosed { get; private set; }

    public string Describe() => $"{Id} of {_owner}: {_balance} after {Changes}, spent {string.Join(",", _spent.OrderBy(x => x.Key).Select(x => $"{x.Key}={x.Value}"))}{(IsClosed ? ", closed" : "")}";

    public void Add(int amount) => Raise(new MoneyAdded(Id, amount));

    public void Take(int amount, string shop)
    {
        if (amount > _balance)
        {
            throw new InvalidOperationException($"{Id} has {_balance}");
        }

        Raise(new MoneyTaken(Id, amount, shop));
    }

    protected override void When(object @event)
    {
        Changes++;
        switch (@event)
        {
            case WalletOpened opened: _owner = opened.Owner; break;
            case MoneyAdded added: _balance += added.Amount; break;
            case MoneyTaken taken:
                _balance -= taken.Amount;
                _spent[taken.Shop] = _spent.GetValueOrDefault(taken.Shop) + taken.Amount;
                break;
            case Tombstone<WalletOpened>: IsClosed = true; break;
        }
    }
}

public sealed record Purse(int Balance);

public sealed record Spend(int Amount);

/// <summary>The same events, decided by functions.</summary>
public sealed class PurseDecider : IDecider<Spend, Purse>
{
    public Purse Initial { get; } = new(0);

    public IEnumerable<object> Decide(Spend command, Purse state) =>
        command.Amount > state.Balance ? throw new InvalidOperationException("too poor") : [new MoneyTaken("", command.Amount, "any")];

    public Purse Evolve(Purse state, object @event) => @event switch
    {
        MoneyAdded added => state with { Balance = state.Balance + added.Amount },
        MoneyTaken taken => state with { Balance = state.Balance - taken.Amount },
        _ => state,
    };
}
