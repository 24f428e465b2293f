using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using Outbox.Embedded.Kafka.Native;

namespace Outbox.Embedded.Kafka;

/// <summary>
/// A Kafka cluster in this process: librdkafka's own mock brokers, on loopback. Other processes can connect.
/// For tests and demos: it keeps records in memory only, about 5 MB per partition.
/// </summary>
public sealed class KafkaCluster : IDisposable, IAsyncDisposable
{
    /// <summary>The number of partitions of a topic that a client's request created; librdkafka fixes it.</summary>
    public const int AutoCreatedPartitions = 4;

    /// <summary>Stands for every broker, where a broker's id is asked for.</summary>
    public const int AllBrokers = -1;

    private readonly ClientHandle _client;
    private readonly ClusterHandle _cluster;
    private readonly FixedPort? _port;
    private readonly ConcurrentDictionary<TopicPartition, long> _deleted = new();

    private KafkaCluster(ClientHandle client, ClusterHandle cluster, FixedPort? port)
    {
        (_client, _cluster, _port) = (client, cluster, port);
        var brokers = Marshal.PtrToStringUTF8(LibRdKafka.MockClusterBootstraps(cluster))!;
        port?.Serve(IPEndPoint.Parse(brokers.Split(',')[0]));
        BootstrapServers = port?.Address ?? brokers;
    }

    /// <summary>The brokers' addresses, for a client's <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>The requests received since <see cref="TrackRequests"/>, oldest first.</summary>
    public IReadOnlyList<KafkaRequestSeen> Requests => ReadRequests();

    /// <summary>Starts a cluster; it accepts connections when this returns.</summary>
    /// <exception cref="InvalidOperationException">The port is taken.</exception>
    public static KafkaCluster Start(KafkaClusterOptions? options = null)
    {
        options ??= new KafkaClusterOptions();
        options.Validate();

        var port = options.Port > 0 ? FixedPort.Listen(options.Port) : null;
        var client = CreateClient();
        var handle = LibRdKafka.MockClusterNew(client, options.Brokers);
        if (handle.IsInvalid)
        {
            client.Dispose();
            port?.Dispose();
            throw new InvalidOperationException("librdkafka could not start its mock brokers; its own log on the standard error stream says why.");
        }

        handle.Hold(client);
        var cluster = new KafkaCluster(client, handle, port);
        LibRdKafka.GroupInitialRebalanceDelay(handle, (int)options.GroupInitialRebalanceDelay.TotalMilliseconds);
        if (options.RoundTrip > TimeSpan.Zero)
            cluster.SetRoundTrip(options.RoundTrip);
        foreach (var (topic, partitions) in options.Topics)
            cluster.CreateTopic(topic, partitions);
        return cluster;
    }

    /// <summary>Creates a topic; the mock has no CreateTopics request, so a client cannot.</summary>
    public void CreateTopic(string name, int partitions, short replication = 1)
    {
        KafkaClusterOptions.ValidateTopic(name, partitions);
        Check(LibRdKafka.TopicCreate(_cluster, name, partitions, replication), $"create topic '{name}'");
    }

    /// <summary>Deletes a topic with its records.</summary>
    public void DeleteTopic(string name)
    {
        Check(LibRdKafka.TopicDelete(_cluster, name), $"delete topic '{name}'");
        foreach (var position in _deleted.Keys.Where(x => x.Topic == name))
            _deleted.TryRemove(position, out _);
    }

    /// <summary>Deletes the records of a partition before an offset, as retention would.</summary>
    public void DeleteRecords(string topic, int partition, long before)
    {
        Check(LibRdKafka.DeleteRecords(_cluster, topic, partition, before), $"delete the records of {topic}[{partition}] before {before}");
        _deleted.AddOrUpdate(new TopicPartition(topic, partition), before, (_, earlier) => Math.Max(earlier, before));
    }

    /// <summary>Closes a broker's connections and its port; its partitions keep it as their leader.</summary>
    public void BrokerDown(int id) => Check(LibRdKafka.BrokerSetDown(_cluster, id), $"take broker {id} down");

    /// <summary>Lets a broker accept connections again, on the port it had.</summary>
    public void BrokerUp(int id) => Check(LibRdKafka.BrokerSetUp(_cluster, id), $"bring broker {id} up");

    /// <summary>Delays every answer.</summary>
    public void SetRoundTrip(TimeSpan delay, int broker = AllBrokers) =>
        Check(LibRdKafka.BrokerSetRoundTrip(_cluster, broker, (int)delay.TotalMilliseconds), $"set the round trip of broker {broker}");

    /// <summary>Moves a partition's leader to a broker, or takes it away with <see cref="AllBrokers"/> (-1).</summary>
    public void SetLeader(string topic, int partition, int broker) =>
        Check(LibRdKafka.SetLeader(_cluster, topic, partition, broker), $"make broker {broker} the leader of {topic}[{partition}]");

    /// <summary>Sets the replica that consumers of a partition are sent to.</summary>
    public void SetFollower(string topic, int partition, int broker) =>
        Check(LibRdKafka.SetFollower(_cluster, topic, partition, broker), $"make broker {broker} the follower of {topic}[{partition}]");

    /// <summary>Moves the coordinator of a consumer group.</summary>
    public void SetCoordinator(string group, int broker) =>
        Check(LibRdKafka.SetCoordinator(_cluster, "group", group, broker), $"make broker {broker} the coordinator of group '{group}'");

    /// <summary>Moves the coordinator of a transactional producer.</summary>
    public void SetTransactionCoordinator(string transactionalId, int broker) =>
        Check(LibRdKafka.SetCoordinator(_cluster, "transaction", transactionalId, broker), $"make broker {broker} the coordinator of transaction '{transactionalId}'");

    /// <summary>
    /// Fails the next requests of a kind on any broker, one for each error in turn. <see cref="ErrorCode.Local_Transport"/> closes the connection,
    /// <see cref="ErrorCode.NoError"/> lets one pass.
    /// </summary>
    /// <remarks>
    /// Of an idempotent producer's requests in flight, real brokers refuse what comes behind one that they have refused (<c>OutOfOrderSequenceNumber</c>); this cluster takes it, and librdkafka takes that for
    /// the acknowledgement of the other too, which is lost. Have such a producer send one at a time: by <c>max.in.flight.requests.per.connection=1</c>, or, where that is not yours to set, by a <c>linger.ms</c> that makes one request of what is sent together.
    /// </remarks>
    public void Fail(KafkaRequest request, params ReadOnlySpan<ErrorCode> errors) => LibRdKafka.PushErrors(_cluster, (short)request, (nuint)errors.Length, errors);

    /// <summary>Fails the part of the next requests of a kind that touches one partition.</summary>
    public void Fail(KafkaRequest request, TopicPartition position, params ReadOnlySpan<ErrorCode> errors)
    {
        foreach (var error in errors)
        {
            var pushed = Variadic.PushPartitionError(_cluster, position.Topic, position.Partition.Value, (short)request, error);
            Check(pushed, $"fail {request} of {position.Topic}[{position.Partition.Value}]");
        }
    }

    /// <summary>Delays the next request of a kind on one broker, and fails it unless the error is <see cref="ErrorCode.NoError"/>.</summary>
    public void Delay(KafkaRequest request, TimeSpan delay, int broker = 1, ErrorCode error = ErrorCode.NoError) =>
        Check(Variadic.PushBrokerError(_cluster, broker, (short)request, error, (int)delay.TotalMilliseconds), $"delay {request} on broker {broker}");

    /// <summary>Forgets the errors that <see cref="Fail(KafkaRequest, ReadOnlySpan{ErrorCode})"/> still has in store for a request.</summary>
    public void StopFailing(KafkaRequest request) => LibRdKafka.ClearErrors(_cluster, (short)request);

    /// <summary>Answers requests about a topic's metadata with an error, until <see cref="ErrorCode.NoError"/> is set.</summary>
    public void SetTopicError(string topic, ErrorCode error) => LibRdKafka.TopicSetError(_cluster, topic, error);

    /// <summary>Starts to remember requests, and forgets those seen before.</summary>
    public void TrackRequests()
    {
        LibRdKafka.ClearRequests(_cluster);
        LibRdKafka.StartTracking(_cluster);
    }

    /// <summary>Finds the partitions that dropped records by themselves; records deleted with <see cref="DeleteRecords"/> do not count.</summary>
    public IReadOnlyList<LostRecords> FindLost(TimeSpan? timeout = null) =>
        RetentionCheck.FindLost(BootstrapServers, timeout ?? TimeSpan.FromSeconds(10), _deleted);

    /// <summary>Throws when the cluster dropped records by itself: what was seen on it then proves nothing.</summary>
    public void CheckNothingDropped(TimeSpan? timeout = null)
    {
        var lost = FindLost(timeout);
        if (lost.Count == 0)
            return;
        throw new InvalidOperationException(
            "The embedded Kafka cluster keeps about 5 MB per partition and dropped the oldest records beyond that. " +
            $"Use more partitions or fewer records. {string.Join("; ", lost)}.");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _port?.Dispose();
        _cluster.Dispose();
        _client.Dispose();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    private static ClientHandle CreateClient()
    {
        Span<byte> error = stackalloc byte[512];
        var conf = LibRdKafka.ConfNew();
        // The client connects to nothing, and would warn of it.
        var set = LibRdKafka.ConfSet(conf, "log_level", "3", error, (nuint)error.Length);
        var client = LibRdKafka.New(LibRdKafka.Producer, conf, error, (nuint)error.Length);
        if (set == 0 && !client.IsInvalid)
            return client;
        LibRdKafka.ConfDestroy(conf);
        var text = Encoding.UTF8.GetString(error[..Math.Max(0, error.IndexOf((byte)0))]);
        throw new InvalidOperationException($"librdkafka could not start: {text}");
    }

    private static void Check(ErrorCode code, string what)
    {
        if (code != ErrorCode.NoError)
            throw new KafkaException(new Error(code, $"The embedded Kafka cluster could not {what}: {code}"));
    }

    private KafkaRequestSeen[] ReadRequests()
    {
        var list = LibRdKafka.GetRequests(_cluster, out var count);
        if (list == IntPtr.Zero)
            return [];
        var seen = new KafkaRequestSeen[(int)count];
        for (var i = 0; i < seen.Length; i++)
        {
            var request = Marshal.ReadIntPtr(list, i * IntPtr.Size);
            seen[i] = new KafkaRequestSeen(LibRdKafka.RequestBroker(request), (KafkaRequest)LibRdKafka.RequestKey(request));
        }

        LibRdKafka.DestroyRequests(list, count);
        return seen;
    }
}
