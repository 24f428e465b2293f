using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Outbox.Embedded.Kafka.Native;

/// <summary>
/// The two functions that take a C variadic list, called with one entry at a time. Everywhere but on Apple's arm64 an <c>int</c> in such a list is passed
/// like any other argument; there it goes on the stack, which the padded forms reach by filling the eight registers first.
/// </summary>
internal static partial class Variadic
{
    private static readonly bool OnStack = OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static ErrorCode PushPartitionError(ClusterHandle cluster, string topic, int partition, short request, ErrorCode error) =>
        OnStack
            ? PartitionErrorOnStack(cluster, topic, partition, request, 1, 0, 0, 0, (int)error)
            : PartitionError(cluster, topic, partition, request, 1, (int)error);

    public static ErrorCode PushBrokerError(ClusterHandle cluster, int broker, short request, ErrorCode error, int delay) =>
        OnStack
            ? BrokerErrorOnStack(cluster, broker, request, 1, 0, 0, 0, 0, (int)error, delay)
            : BrokerError(cluster, broker, request, 1, (int)error, delay);

    [LibraryImport(LibRdKafka.Library, EntryPoint = "rd_kafka_mock_partition_push_request_errors", StringMarshalling = StringMarshalling.Utf8)]
    private static partial ErrorCode PartitionError(ClusterHandle cluster, string topic, int partition, short request, nuint count, int error);

    [LibraryImport(LibRdKafka.Library, EntryPoint = "rd_kafka_mock_partition_push_request_errors", StringMarshalling = StringMarshalling.Utf8)]
    private static partial ErrorCode PartitionErrorOnStack(
        ClusterHandle cluster, string topic, int partition, short request, nuint count, long x5, long x6, long x7, long error);

    [LibraryImport(LibRdKafka.Library, EntryPoint = "rd_kafka_mock_broker_push_request_error_rtts")]
    private static partial ErrorCode BrokerError(ClusterHandle cluster, int broker, short request, nuint count, int error, int delay);

    [LibraryImport(LibRdKafka.Library, EntryPoint = "rd_kafka_mock_broker_push_request_error_rtts")]
    private static partial ErrorCode BrokerErrorOnStack(
        ClusterHandle cluster, int broker, short request, nuint count, long x4, long x5, long x6, long x7, long error, long delay);
}
