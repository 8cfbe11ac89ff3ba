create schema if not exists shop;

create table if not exists shop.orders (
    id text primary key,
    customer text not null,
    ship_to text not null,
    card text not null,
    placed_at timestamptz not null,
    pay_by timestamptz not null,
    state text not null check (state in ('placed', 'paid', 'cancelled')),
    cancel_reason text,
    check ((state = 'cancelled') = (cancel_reason is not null))
);

create table if not exists shop.order_lines (
    order_id text not null references shop.orders,
    position smallint not null,
    article text not null,
    pieces integer not null,
    unit_price numeric not null,
    primary key (order_id, position)
);

-- What jobs do. No unique key hinders them: what happens twice shall be seen.
create table if not exists shop.letters (
    order_id text not null,
    kind text not null check (kind in ('receipt', 'cancellation')),
    text text not null,
    sent_at timestamptz not null default now()
);

create table if not exists shop.stock_movements (
    order_id text not null,
    article text not null,
    -- Negative where they were set aside, positive where they came back.
    pieces integer not null,
    moved_at timestamptz not null default now()
);

create table if not exists shop.payments (
    order_id text not null,
    amount numeric not null,
    booked_at timestamptz not null default now()
);
