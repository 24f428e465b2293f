using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Loading;
using Outbox.History.Registration;
using Outbox.MongoDb.History;

namespace Outbox.MongoDb.Capture;

/// <summary>One attempt of a transaction; a retry gets a new one.</summary>
internal sealed class MongoOutboxTransaction(IClientSessionHandle session, CaptureBuffer buffer, HistoryAccess histories) : BufferedTransaction(buffer)
{
    private MongoServerException? _firstError;
    private MongoException? _lost;
    private TransactionHistory? _history;

    /// <summary>For work of the callback.</summary>
    /// <exception cref="OutboxException">The callback has returned.</exception>
    public IClientSessionHandle Session
    {
        get
        {
            Buffer.ThrowIfClosed();
            return session;
        }
    }

    /// <summary>For what is written after the callback.</summary>
    public IClientSessionHandle Handle => session;

    /// <summary>The first error that the server answered with while the callback ran, whether or not the callback saw to it.</summary>
    public MongoServerException? FirstError => Volatile.Read(ref _firstError);

    /// <summary>What an operation of the callback ended with that no answer came to, if <see cref="TransactionErrors.IsTransient"/> still says so: the driver labels an error after it was noted.</summary>
    public MongoException? Lost => Volatile.Read(ref _lost);

    internal override T? Feature<T>()
        where T : class => (_history ??= histories.In(this, session)) as T;

    /// <summary>Entities whose snapshots are due when it has committed.</summary>
    public IReadOnlyList<(StateRegistration State, string Id)> DueSnapshots => _history?.Due ?? [];

    /// <summary>Notes an error of the callback's flow. One that wraps the first takes its place: it is the one that the caller got.</summary>
    public void Note(MongoException thrown)
    {
        if (thrown is not MongoServerException error)
        {
            if (_lost is null || !TransactionErrors.IsTransient(_lost, session))
            {
                Volatile.Write(ref _lost, thrown);
            }

            return;
        }

        if (_firstError is null || ReferenceEquals(error.InnerException, _firstError) || !_firstError.GetType().IsVisible)
        {
            Volatile.Write(ref _firstError, error);
        }
    }
}
