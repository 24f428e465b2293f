using System.Runtime.InteropServices;

namespace Outbox.Embedded.Kafka.Native;

/// <summary>An <c>rd_kafka_mock_cluster_t</c>. It holds its client, because librdkafka aborts the process when the client goes first.</summary>
internal sealed class ClusterHandle : SafeHandle
{
    private ClientHandle? _client;

    public ClusterHandle()
        : base(IntPtr.Zero, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    public void Hold(ClientHandle client)
    {
        var held = false;
        client.DangerousAddRef(ref held);
        _client = client;
    }

    protected override bool ReleaseHandle()
    {
        LibRdKafka.MockClusterDestroy(handle);
        _client?.DangerousRelease();
        return true;
    }
}
