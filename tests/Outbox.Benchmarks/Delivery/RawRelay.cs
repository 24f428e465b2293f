using System.Diagnostics;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Benchmarks.Delivery;

/// The least that is possible with the bare drivers: find 1,000, produce all, await all, delete those ids. It keeps no order and survives nothing.
internal static class RawRelay
{
    /// Messages per second.
    public static async Task<double> DrainAsync(IMongoDatabase database, string servers, int count)
    {
        var outbox = database.GetCollection<RawBsonDocument>("outbox");
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = servers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 0,
            Partitioner = Partitioner.Murmur2Random,
        }).Build();
        var drained = 0;
        var watch = Stopwatch.StartNew();
        while (drained < count)
        {
            var page = await outbox.Find(FilterDefinition<RawBsonDocument>.Empty).Sort(new BsonDocument("_id", 1)).Limit(1_000).ToListAsync();
            if (page.Count == 0)
            {
                throw new InvalidOperationException($"The outbox is empty after {drained} of {count} messages.");
            }

            await ProduceAsync(producer, page);
            await outbox.DeleteManyAsync(Builders<RawBsonDocument>.Filter.In("_id", page.Select(document => document["_id"].AsString)));
            drained += page.Count;
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    private static Task ProduceAsync(IProducer<string, string> producer, List<RawBsonDocument> page)
    {
        var open = page.Count;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var document in page)
        {
            producer.Produce(
                document["topic"].AsString,
                new Message<string, string> { Key = document["entityId"].AsString, Value = document["payload"].AsString },
                report =>
                {
                    if (report.Error.IsError)
                    {
                        done.TrySetException(new KafkaException(report.Error));
                    }
                    else if (Interlocked.Decrement(ref open) == 0)
                    {
                        done.TrySetResult();
                    }
                });
        }

        return done.Task;
    }
}
