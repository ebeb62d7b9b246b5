//! What the host says of a clause on a given input and result (spec RUN, texts as the guest's).
