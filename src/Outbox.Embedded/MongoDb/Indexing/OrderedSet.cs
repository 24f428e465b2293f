namespace Outbox.Embedded.MongoDb.Indexing;

/// A sorted set in leaves of a few hundred entries: two levels are enough for tens of millions.
internal sealed class OrderedSet<T, TOrder>
    where TOrder : struct, IComparer<T>
{
    private const int LeafSize = 256;
    private readonly List<Leaf> _leaves = [];
    private TOrder _order;

    public long Count { get; private set; }

    public bool Add(T item)
    {
        if (_leaves.Count == 0)
        {
            _leaves.Add(new Leaf());
        }

        var at = FindLeaf(item);
        var leaf = _leaves[at];
        var slot = leaf.LowerBound(item, ref _order);
        if (slot < leaf.Count && _order.Compare(leaf.Items[slot], item) == 0)
        {
            return false;
        }

        if (leaf.Count == LeafSize)
        {
            (leaf, slot) = Split(at, slot);
        }

        leaf.Insert(slot, item);
        Count++;
        return true;
    }

    public bool Remove(T item)
    {
        if (_leaves.Count == 0)
        {
            return false;
        }

        var at = FindLeaf(item);
        var leaf = _leaves[at];
        var slot = leaf.LowerBound(item, ref _order);
        if (slot == leaf.Count || _order.Compare(leaf.Items[slot], item) != 0)
        {
            return false;
        }

        leaf.RemoveAt(slot);
        Count--;
        if (leaf.Count == 0)
        {
            _leaves.RemoveAt(at);
        }
        else if (at + 1 < _leaves.Count && leaf.Count + _leaves[at + 1].Count <= LeafSize / 2)
        {
            leaf.Append(_leaves[at + 1]);
            _leaves.RemoveAt(at + 1);
        }

        return true;
    }

    public void Clear()
    {
        _leaves.Clear();
        Count = 0;
    }

    /// The first position whose item is not below the probe.
    public Position FirstAtLeast(T probe)
    {
        if (_leaves.Count == 0)
        {
            return new Position(0, 0);
        }

        var at = FindLeaf(probe);
        var slot = _leaves[at].LowerBound(probe, ref _order);
        return slot < _leaves[at].Count ? new Position(at, slot) : new Position(at + 1, 0);
    }

    public Position First => new(0, 0);

    public Position Last => _leaves.Count == 0 ? new(-1, 0) : new(_leaves.Count - 1, _leaves[^1].Count - 1);

    public Position LastBelow(T probe) => Previous(FirstAtLeast(probe));

    public Position Next(Position position) =>
        position.Slot + 1 < _leaves[position.Leaf].Count ? new Position(position.Leaf, position.Slot + 1) : new Position(position.Leaf + 1, 0);

    public Position Previous(Position position) => position switch
    {
        { Slot: > 0 } => new Position(position.Leaf, position.Slot - 1),
        { Leaf: > 0 } => new Position(position.Leaf - 1, _leaves[position.Leaf - 1].Count - 1),
        _ => new Position(-1, 0),
    };

    public bool TryGet(Position position, out T item)
    {
        if (position.Leaf >= 0 && position.Leaf < _leaves.Count)
        {
            item = _leaves[position.Leaf].Items[position.Slot];
            return true;
        }

        item = default!;
        return false;
    }

    private int FindLeaf(T item)
    {
        int low = 0, high = _leaves.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_order.Compare(_leaves[middle].Items[0], item) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private (Leaf Leaf, int Slot) Split(int at, int slot)
    {
        var left = _leaves[at];
        var right = new Leaf();

        // Keys that only grow, the usual case, leave full leaves behind them.
        var keep = at == _leaves.Count - 1 && slot == LeafSize ? LeafSize : LeafSize / 2;
        left.MoveTail(keep, right);
        _leaves.Insert(at + 1, right);
        return slot < keep ? (left, slot) : (right, slot - keep);
    }

    internal readonly record struct Position(int Leaf, int Slot);

    private sealed class Leaf
    {
        public T[] Items { get; private set; } = new T[8];

        public int Count { get; private set; }

        public int LowerBound(T item, ref TOrder order)
        {
            int low = 0, high = Count;
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (order.Compare(Items[middle], item) < 0)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }

        public void Insert(int slot, T item)
        {
            Reserve(Count + 1);
            Array.Copy(Items, slot, Items, slot + 1, Count - slot);
            Items[slot] = item;
            Count++;
        }

        public void RemoveAt(int slot)
        {
            Count--;
            Array.Copy(Items, slot + 1, Items, slot, Count - slot);
            Items[Count] = default!;
        }

        public void Append(Leaf other)
        {
            Reserve(Count + other.Count);
            Array.Copy(other.Items, 0, Items, Count, other.Count);
            Count += other.Count;
        }

        public void MoveTail(int keep, Leaf target)
        {
            target.Reserve(Count - keep);
            Array.Copy(Items, keep, target.Items, 0, Count - keep);
            target.Count = Count - keep;
            Array.Clear(Items, keep, Count - keep);
            Count = keep;
        }

        private void Reserve(int size)
        {
            if (size > Items.Length)
            {
                var items = Items;
                Array.Resize(ref items, Math.Min(LeafSize, Math.Max(size, items.Length * 2)));
                Items = items;
            }
        }
    }
}
