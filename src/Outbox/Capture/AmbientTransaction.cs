namespace Outbox.Capture;

/// <summary>
/// The transaction that the current flow of execution runs in, so that <see cref="IOutbox"/> and MassTransit's own publish calls
/// join it wherever they are made.
/// </summary>
public static class AmbientTransaction
{
    private static readonly AsyncLocal<Place?> Flow = new();

    /// <summary>The current transaction, or <see langword="null"/> outside of one. Work that was started inside of one and goes on after it is outside.</summary>
    public static IOutboxTransaction? Current
    {
        get
        {
            var place = Flow.Value;
            while (place is { HasEnded: true })
            {
                place = place.Before;
            }

            return place?.Transaction;
        }
    }

    /// <summary>Makes a transaction current until the scope is disposed.</summary>
    public static Scope Enter(IOutboxTransaction transaction)
    {
        var place = new Place(transaction, Flow.Value);
        Flow.Value = place;
        return new Scope(place);
    }

    /// <summary>Runs a callback in a transaction that is there already. When it fails, that transaction can only be undone, also if its owner catches the error.</summary>
    public static async Task<T> JoinAsync<T>(
        IOutboxTransaction current, Func<IOutboxTransaction, CancellationToken, Task<T>> callback, CancellationToken cancellationToken)
    {
        try
        {
            return await callback(current, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            (current as BufferedTransaction)?.Buffer.Fail(error);
            throw;
        }
    }

    /// <summary>Restores what was current before.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly Place _place;

        internal Scope(Place place) => _place = place;

        /// <inheritdoc/>
        public void Dispose()
        {
            _place.HasEnded = true;
            Flow.Value = _place.Before;
        }
    }

    /// <summary>
    /// What flows into everything that is started inside, and outlives it there: a background loop, a timer, a task that nobody awaits. So the end is noted here, where all of them see it.
    /// </summary>
    internal sealed class Place(IOutboxTransaction transaction, Place? before)
    {
        private volatile bool _hasEnded;

        public IOutboxTransaction Transaction => transaction;

        public Place? Before => before;

        public bool HasEnded
        {
            get => _hasEnded;
            set => _hasEnded = value;
        }
    }
}
