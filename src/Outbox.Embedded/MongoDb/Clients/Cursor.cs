using Outbox.Embedded.MongoDb.ChangeStreams;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Queries;

namespace Outbox.Embedded.MongoDb.Clients;

/// A result that a client fetches in batches.
internal sealed class Cursor(Namespace name, IEnumerable<byte[]> documents, ReadScope scope, Session? session) : IDisposable
{
    private IEnumerator<byte[]> _documents = documents.GetEnumerator();
    private byte[]? _held;

    public long Id { get; set; }

    public Namespace Name { get; } = name;

    public ReadScope Scope { get; } = scope;

    public Session? Session { get; } = session;

    public long LastUse { get; set; }

    public bool Exhausted { get; private set; }

    /// A cursor that waits for more instead of ending.
    public ChangeStream? Stream { get; init; }

    public SemaphoreSlim Busy { get; } = new(1, 1);

    /// Up to `count` documents and up to the size of a reply.
    public List<byte[]> NextBatch(long count)
    {
        var batch = new List<byte[]>();
        var bytes = 0L;
        while (batch.Count < count && !Exhausted)
        {
            if (_held is null && !_documents.MoveNext())
            {
                Exhausted = true;
                break;
            }

            var document = _held ?? _documents.Current;
            if (batch.Count > 0 && bytes + document.Length > Raw.MaxDocumentSize)
            {
                _held = document;
                break;
            }

            _held = null;
            bytes += document.Length;
            batch.Add(document);
        }

        return batch;
    }

    /// Finds out whether this was all, so that an empty last batch is not needed.
    public void LookAhead()
    {
        if (_held is null && !Exhausted)
        {
            Exhausted = !_documents.MoveNext();
            _held = Exhausted ? null : _documents.Current;
        }
    }

    /// Gives back what it has read ahead and sorted. Its client is still told why it cannot go on.
    public void Release()
    {
        if (!Busy.Wait(0))
        {
            return;
        }

        (_documents, _held) = (Enumerable.Empty<byte[]>().GetEnumerator(), null);
        Busy.Release();
    }

    public void Dispose() => _documents.Dispose();
}
