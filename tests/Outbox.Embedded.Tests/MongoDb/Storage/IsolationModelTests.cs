using CsCheck;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Storage;

/// Random transactions side by side, against forty lines that say what snapshot isolation is.
public sealed class IsolationModelTests(MongoFixture mongo) : ConformanceTest(mongo)
{
    private const int Keys = 5;

    private enum Act
    {
        Begin,
        Read,
        Put,
        Delete,
        Commit,
        Abort,
    }

    [Fact]
    public async Task Side_by_side_transactions_behave_like_the_model()
    {
        await Collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Doc("{ v: 1 }")));
        var step = Gen.Select(Gen.Int[0, 2], Gen.Frequency((1, Gen.Const(Act.Begin)), (3, Gen.Const(Act.Read)), (4, Gen.Const(Act.Put)), (2, Gen.Const(Act.Delete)), (2, Gen.Const(Act.Commit)), (1, Gen.Const(Act.Abort))), Gen.Int[0, Keys - 1]);
        await step.Array[1, 40].SampleAsync(RunAsync, iter: 300, threads: 1, print: steps => string.Join(" ", steps));
    }

    private async Task RunAsync((int Client, Act Act, int Key)[] steps)
    {
        await Collection.DeleteManyAsync(Doc("{}"));
        var model = new Model();
        var sessions = new IClientSessionHandle?[3];
        try
        {
            await RunAsync(steps, model, sessions);
        }
        finally
        {
            // Also after a failure: a transaction left open would spoil the runs that look for a shorter one.
            foreach (var session in sessions)
            {
                session?.Dispose();
            }
        }

        Assert.Equal(model.Committed.Order(), (await FindAsync()).Select(d => (d["_id"].ToInt32(), d["v"].ToInt32())).Order());
    }

    private async Task RunAsync((int Client, Act Act, int Key)[] steps, Model model, IClientSessionHandle?[] sessions)
    {
        var value = 0;
        foreach (var (client, act, key) in steps)
        {
            var open = sessions[client] is not null;
            if (act == Act.Begin && !open)
            {
                sessions[client] = await Client.StartSessionAsync();
                sessions[client]!.StartTransaction(new TransactionOptions(ReadConcern.Snapshot));
                await Collection.Find(sessions[client], Doc("{ _id: -1 }")).ToListAsync();
                model.Begin(client);
            }
            else if (act is not Act.Begin && open && await StepAsync(sessions[client]!, model, client, (act, key, ++value)))
            {
                sessions[client]!.Dispose();
                sessions[client] = null;
            }
        }
    }

    /// True when the transaction is over.
    private async Task<bool> StepAsync(IClientSessionHandle session, Model model, int client, (Act Act, int Key, int Value) step)
    {
        switch (step.Act)
        {
            case Act.Read:
                var seen = await Collection.Find(session, Doc("{ v: { $gte: 0 } }"), new FindOptions { Hint = "v_1" }).ToListAsync();
                Assert.Equal(model.Seen(client).Order(), seen.Select(d => (d["_id"].ToInt32(), d["v"].ToInt32())).Order());
                return false;
            case Act.Put or Act.Delete:
                var expected = model.Write(client, step.Key, step.Act == Act.Put ? step.Value : null);
                var conflict = await WriteAsync(session, step);
                Assert.Equal(expected, conflict);
                return conflict;
            case Act.Commit:
                await session.CommitTransactionAsync();
                model.Commit(client);
                return true;
            default:
                await session.AbortTransactionAsync();
                model.Abort(client);
                return true;
        }
    }

    private async Task<bool> WriteAsync(IClientSessionHandle session, (Act Act, int Key, int Value) step)
    {
        try
        {
            var filter = new BsonDocument("_id", step.Key);
            if (step.Act == Act.Delete)
            {
                await Collection.DeleteOneAsync(session, filter);
            }
            else
            {
                await Collection.UpdateOneAsync(session, filter, new BsonDocument("$set", new BsonDocument("v", step.Value)), new UpdateOptions { IsUpsert = true });
            }

            return false;
        }
        catch (MongoCommandException error) when (error.Code == 112)
        {
            await session.AbortTransactionAsync();
            return true;
        }
    }

    private sealed class Model
    {
        private readonly Dictionary<int, int> _state = [];
        private readonly Dictionary<int, int> _changedAt = [];
        private readonly Dictionary<int, (int At, Dictionary<int, int> Snapshot, Dictionary<int, int?> Writes)> _open = [];
        private int _time;

        public IEnumerable<(int Key, int Value)> Committed => _state.Select(e => (e.Key, e.Value));

        public void Begin(int client) => _open[client] = (_time, new(_state), []);

        public IEnumerable<(int Key, int Value)> Seen(int client)
        {
            var (_, snapshot, writes) = _open[client];
            return Enumerable.Range(0, Keys).Select(key => (key, writes.TryGetValue(key, out var own) ? own : snapshot.TryGetValue(key, out var old) ? old : null))
                .Where(e => e.Item2 is not null).Select(e => (e.key, e.Item2!.Value));
        }

        /// True when the write conflicts, which ends the transaction.
        public bool Write(int client, int key, int? value)
        {
            var (at, _, writes) = _open[client];
            if (value is null && Seen(client).All(e => e.Key != key))
            {
                return false;
            }

            if (_open.Any(o => o.Key != client && o.Value.Writes.ContainsKey(key)) || _changedAt.GetValueOrDefault(key, -1) > at)
            {
                _open.Remove(client);
                return true;
            }

            writes[key] = value;
            return false;
        }

        public void Commit(int client)
        {
            _open.Remove(client, out var transaction);
            _time++;
            foreach (var (key, value) in transaction.Writes)
            {
                _changedAt[key] = _time;
                _state.Remove(key);
                if (value is { } there)
                {
                    _state.Add(key, there);
                }
            }
        }

        public void Abort(int client) => _open.Remove(client);
    }
}
