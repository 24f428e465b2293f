namespace Outbox.Testing;

/// <summary>What came of a scenario.</summary>
public sealed class ScenarioOutcome
{
    private readonly Exception? _error;
    private readonly string? _wrong;

    internal ScenarioOutcome(IReadOnlyList<object> events, Exception? error, string? wrong) => (Events, _error, _wrong) = (events, error, wrong);

    /// <summary>What was raised, or decided.</summary>
    public IReadOnlyList<object> Events { get; }

    /// <summary>Checks that just these events happened, in this order. They are compared as the JSON that is kept of them.</summary>
    /// <exception cref="ScenarioException">Others happened, or an error did; or something but the events has changed the state, which will be lost.</exception>
    public void Then(params object[] events)
    {
        if (_error is not null)
        {
            throw new ScenarioException($"Expected {EventText.Of(events)}, but it was refused: {_error.GetType().Name}: {_error.Message}", _error);
        }

        if (!events.Select(EventText.Of).SequenceEqual(Events.Select(EventText.Of), StringComparer.Ordinal))
        {
            throw new ScenarioException($"Expected {EventText.Of(events)}, but what happened is {EventText.Of(Events)}.");
        }

        if (_wrong is not null)
        {
            throw new ScenarioException(_wrong);
        }
    }

    /// <summary>Checks that nothing happened.</summary>
    /// <inheritdoc cref="Then"/>
    public void ThenNothing() => Then();

    /// <summary>Checks that it was refused, and that nothing happened before that.</summary>
    /// <typeparam name="TException">How.</typeparam>
    /// <returns>The error.</returns>
    /// <exception cref="ScenarioException">It was not refused, or with another error.</exception>
    public TException ThenThrows<TException>()
        where TException : Exception => _error switch
        {
            TException expected when Events.Count == 0 => expected,
            TException => throw new ScenarioException($"It was refused with {_error.GetType().Name}, but {EventText.Of(Events)} had been raised before. Decide first, raise then.", _error),
            null => throw new ScenarioException($"Expected {typeof(TException).Name}, but what happened is {EventText.Of(Events)}."),
            _ => throw new ScenarioException($"Expected {typeof(TException).Name}, but it was {_error.GetType().Name}: {_error.Message}", _error),
        };
}
