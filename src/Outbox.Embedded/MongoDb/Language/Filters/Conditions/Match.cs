using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

/// <summary>One match in progress: the variables of an enclosing expression, and the array place that the positional operator will use.</summary>
internal sealed class Match(Scope? scope, bool tracked)
{
    public static readonly Match Untracked = new(null, false);

    public Scope? Scope { get; } = scope;

    public int? ArrayIndex { get; private set; }

    /// <summary>The same variables, but what is found leaves no trace: inside a negation no element "is the match".</summary>
    public Match Quiet { get => tracked ? new Match(Scope, false) : this; }

    public void Found(int index)
    {
        if (tracked)
        {
            ArrayIndex = index;
        }
    }
}
