using Outbox.Capture;
using Outbox.History;
using Outbox.History.Loading;

namespace Outbox;

/// <summary>Loads entities of kept events, and appends to them, in a running transaction.</summary>
/// <remarks>
/// <c>T</c> is an <see cref="Aggregate"/>, or the state of a decider, that was registered with its topic: <c>t.KeepHistory(h => h.Aggregate&lt;Order&gt;())</c>. Where another writer commits events of
/// the same entity meanwhile, the database refuses one of the two transactions, and <see cref="IOutbox"/> runs its callback again: load inside of it. A consumer that is replayed
/// (<c>context.IsReplay()</c>) appends nothing: what it appended the first time is there, and no version is expected.
/// </remarks>
public static class HistoryTransactionExtensions
{
    extension(IOutboxTransaction transaction)
    {
        /// <summary>The entity's state, from its snapshot and the events since, as of this transaction.</summary>
        /// <exception cref="EntityNotFoundException">There are no events of it.</exception>
        /// <exception cref="OutboxException"><typeparamref name="T"/> is not registered, or an event cannot be read.</exception>
        public async Task<T> LoadAsync<T>(string id, CancellationToken cancellationToken = default)
            where T : class =>
            await transaction.FindAsync<T>(id, cancellationToken).ConfigureAwait(false)
            ?? throw new EntityNotFoundException(new(Of(transaction).StateOf(typeof(T)).EntityType, id));

        /// <summary>As <see cref="LoadAsync"/>, but <see langword="null"/> if there are no events of the entity.</summary>
        public async Task<T?> FindAsync<T>(string id, CancellationToken cancellationToken = default)
            where T : class
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(id);
            var loaded = await Of(transaction).LoadAsync(typeof(T), id, cancellationToken).ConfigureAwait(false);
            return loaded.Version == 0 ? null : (T)loaded.State;
        }

        /// <summary>Appends what the aggregate has raised, if its last event is still the one that was loaded. What it raises later is saved by another call.</summary>
        /// <exception cref="VersionConflictException">The entity has other events than those that were loaded, or is there already.</exception>
        /// <exception cref="OutboxException">An event cannot be captured.</exception>
        public async Task SaveAsync<T>(T aggregate, CancellationToken cancellationToken = default)
            where T : Aggregate
        {
            ArgumentNullException.ThrowIfNull(aggregate);
            var history = Of(transaction);
            var registration = history.StateOf(aggregate.GetType());
            if (aggregate.Raised is { Count: > 0 } raised)
            {
                await history.AppendAsync(registration, Identified(aggregate), Expected.Version(aggregate.Version), raised, cancellationToken).ConfigureAwait(false);
                if (!history.IsReplay)
                {
                    aggregate.SavedIn(Buffer(transaction));
                }
            }
        }

        /// <summary>Appends events to an entity.</summary>
        /// <param name="id">The entity.</param>
        /// <param name="expected">What its last version must be.</param>
        /// <param name="events">Events of the topic's registered types.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        /// <returns>The version of the entity's last event.</returns>
        /// <exception cref="VersionConflictException">Its last version is another one.</exception>
        public Task<long> AppendAsync<T>(string id, Expected expected, IEnumerable<object> events, CancellationToken cancellationToken = default)
            where T : class
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(id);
            var history = Of(transaction);
            return history.AppendAsync(history.StateOf(typeof(T)), id, expected, [.. events], cancellationToken);
        }

        /// <summary>Loads a decider's state, has it decide, and appends what happened.</summary>
        /// <param name="id">The entity; one without events has the decider's initial state.</param>
        /// <param name="decider">The decider, which is registered with the topic.</param>
        /// <param name="command">What it is asked to do.</param>
        /// <param name="cancellationToken">Cancels the call.</param>
        /// <returns>The state after what happened.</returns>
        public async Task<TState> DecideAsync<TCommand, TState>(
            string id, IDecider<TCommand, TState> decider, TCommand command, CancellationToken cancellationToken = default)
            where TState : class
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(id);
            ArgumentNullException.ThrowIfNull(decider);
            var history = Of(transaction);
            var loaded = await history.LoadAsync(typeof(TState), id, cancellationToken).ConfigureAwait(false);
            List<object> events = [.. decider.Decide(command, (TState)loaded.State)];
            await history.AppendAsync(history.StateOf(typeof(TState)), id, Expected.Version(loaded.Version), events, cancellationToken).ConfigureAwait(false);
            return events.Aggregate((TState)loaded.State, decider.Evolve);
        }

        /// <summary>
        /// Publishes what an aggregate has raised whose state is stored as a document: each event with the next version, so that <see cref="Aggregate.Version"/> is the last of them. Call it before the
        /// document is written.
        /// </summary>
        /// <exception cref="OutboxException">An event cannot be captured.</exception>
        public void PublishRaised(Aggregate aggregate)
        {
            ArgumentNullException.ThrowIfNull(aggregate);
            var version = aggregate.Version;
            foreach (var @event in aggregate.Raised)
            {
                transaction.Publish(@event, Identified(aggregate), ++version);
            }

            aggregate.SavedIn(Buffer(transaction));
        }
    }

    private static string Identified(Aggregate aggregate) => !string.IsNullOrWhiteSpace(aggregate.Id) ? aggregate.Id : throw new OutboxException(
        $"A {aggregate.GetType().Name} has events and no Id. Set Id where it is made: it is the entityId of its messages.");

    private static CaptureBuffer Buffer(IOutboxTransaction transaction) => Buffered(transaction).Buffer;

    private static TransactionHistory Of(IOutboxTransaction transaction) => Buffered(transaction).Feature<TransactionHistory>() ?? throw new OutboxException(
        "This transaction has no history: its store keeps none.");

    private static BufferedTransaction Buffered(IOutboxTransaction transaction) => transaction switch
    {
        BufferedTransaction buffered => buffered,
        WithoutTransaction without => throw without.Refuse("Events are appended in a transaction"),
        _ => throw new OutboxException($"A {transaction.GetType().Name} has no history. Use the transaction that IOutbox.ExecuteAsync or a consumer with an inbox gives."),
    };
}
